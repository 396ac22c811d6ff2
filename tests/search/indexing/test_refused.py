"""Documents that the engine cannot take: they are left out, and nothing waits for them."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.search.collections import growth
from functions.search.documents import documents
from functions.search.engine.embedded import schema
from functions.search.engine.ports import EngineBroken
from tests.search.indexing.runs import WHALE, runs
from tests.search.people import Person


def test_a_document_that_the_engine_cannot_take_holds_up_nobody(
    ada: Person, collection: dict[str, Any], caplog: pytest.LogCaptureFixture
):
    ada.stores(WHALE, {"id": "bad", "title": "confidential"}, {"id": "emma", "title": "Emma"})
    make = schema.document

    def panicking(id_: str, *args: Any) -> Any:
        if id_ == "bad":
            raise type("PanicException", (BaseException,), {})("confidential")
        return make(id_, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "document", panicking)
        assert runs(ada, collection)

    assert ada.finds("*") == ["emma", "moby"]
    assert ada.get("/collections/books/documents/bad").body["index"]["state"] == "refused"
    assert "document refused" in caplog.text
    assert "confidential" not in caplog.text


@pytest.fixture
def failing() -> Iterator[pytest.MonkeyPatch]:
    """The engine takes documents whose ids begin with "bad", and fails over them later, in a thread of its own.

    With them fails all that is to be committed with them.
    """
    make = schema.document

    def unfit(id_: str, *args: Any) -> Any:
        made = make(id_, *args)
        if id_.startswith("bad"):
            made.add_text("n2", "no number")
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "document", unfit)
        yield patch


def test_documents_over_which_the_engine_fails_hold_up_nobody_and_are_in_the_next_index(
    ada: Person, collection: dict[str, Any], failing: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    bad = ({"id": "bad1", "title": "confidential"}, {"id": "bad2", "title": "confidential"})
    ada.stores({"id": "emma", "title": "Emma"})
    runs(ada, collection)
    ada.stores(*({"id": f"w{number:02}", "title": "whale"} for number in range(20)), *bad)
    ada.delete("/collections/books/documents/emma")

    assert runs(ada, collection)
    assert ada.finds("*", per_page=50) == [f"w{number:02}" for number in range(20)]
    assert [state_of(ada, each["id"]) for each in bad] == ["refused", "refused"]
    assert caplog.text.count("document refused") == 2
    assert "confidential" not in caplog.text

    failing.undo()
    growth.rebuild(ada.tenant_id, "books")
    assert runs(ada, collection)
    assert ada.finds("confidential") == ["bad1", "bad2"]


def test_an_engine_that_fails_over_everything_refuses_no_document(
    ada: Person, collection: dict[str, Any], failing: pytest.MonkeyPatch
):
    ada.stores(*({"id": f"bad{number}", "title": "whale"} for number in range(30)))

    with pytest.raises(EngineBroken):
        runs(ada, collection)
    assert len(documents.pending(collection["collection_id"], limit=100)) == 30

    failing.undo()
    runs(ada, collection)
    assert len(ada.finds("whale", per_page=50)) == 30


def state_of(person: Person, id_: str) -> str:
    """Return whether the index has a document, as its caller sees it."""
    return str(person.get(f"/collections/books/documents/{id_}").body["index"]["state"])
