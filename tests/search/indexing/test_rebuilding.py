"""An index that is built beside the one that answers: whatever is written meanwhile, and whoever breaks off."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from functions.search.collections import growth, pointers, rebuilds
from functions.search.documents import documents, walk
from functions.search.engine.embedded.containment import EngineBroken
from functions.search.engine.embedded.writer import Writer
from functions.search.indexing import indexer, leases, publication, readers
from functions.search.indexing.leases import LeaseLost
from tests.search.indexing.building import book, grows, keeps, state
from tests.search.indexing.runs import WHALE, always, breaking, kept, pointer, runs
from tests.search.people import Person

STEPS = [
    ("functions.search.documents.walk.piece", False),
    ("functions.search.indexing.leases.plan", True),
    ("functions.search.indexing.leases.plan", False),
    ("functions.search.indexing.folders.upload", True),
    ("functions.search.indexing.folders.upload", False),
    ("functions.search.collections.rebuilds.written", True),
    ("functions.search.indexing.leases.fulfilled", False),
    ("functions.search.indexing.publication.record", True),
    ("functions.search.indexing.publication.record", False),
    ("functions.search.collections.rebuilds.ended", True),
    ("functions.search.collections.pointers.published", True),
    ("functions.search.indexing.publication.discarded", True),
    ("functions.search.documents.documents.settle", True),
    ("functions.search.documents.documents.settle", False),
]


def between(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None], *places: tuple[Any, str]) -> None:
    """Have something happen before each call of functions, one at a time where several are made at once."""
    one_at_a_time = threading.Lock()
    for module, name in places:
        function = getattr(module, name)

        def after_it(*args: Any, function: Callable[..., Any] = function, **more: Any) -> Any:
            with one_at_a_time:
                happens()
            return function(*args, **more)

        monkeypatch.setattr(module, name, after_it)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize(("place", "before"), STEPS)
def test_a_writer_that_ends_between_any_two_steps_of_it_loses_nothing(
    ada: Person,
    collection: dict[str, Any],
    place: str,
    before: bool,  # noqa: FBT001
):
    keeps(ada, *map(book, range(20)))
    runs(ada, collection)
    keeps(ada, {"id": "new", "title": "Typee"}, {"id": "000", "title": "Omoo"})
    old = pointer(collection)
    grows(ada)
    ids = [f"{number:03}" for number in range(20)]
    with breaking(place, before=before):
        runs(ada, collection)
    readers.forget()
    meanwhile = ada.finds(per_page=50)
    for _ in range(2):
        runs(ada, collection)

    assert meanwhile in (ids, [*ids, "new"])
    assert state(collection) == rebuilds.COMPLETED
    assert ada.finds(per_page=50) == [*ids, "new"]
    assert ada.finds("omoo") == ["000"]
    assert ada.searches(facet_by="publisher")["found"] == 21
    assert documents.pending(collection["collection_id"], limit=10) == []
    now = pointer(collection)
    named = pointers.objects(now)
    lease = leases.find(collection["collection_id"])
    assert lease is not None
    assert not pointers.objects(old) & named
    assert named <= kept() <= named | {each.object for each in now.discarded} | {*lease.planned}


@pytest.mark.usefixtures("pieces")
def test_a_schema_that_changes_while_a_thousand_writes_run_loses_none(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    chance = random.Random(15)  # noqa: S311 - a history
    wanted: dict[str, dict[str, Any]] = {f"{number:03}": book(number) for number in range(100)}
    keeps(ada, *wanted.values())
    runs(ada, collection)
    left = 1000

    def writes() -> None:
        nonlocal left
        for number in [chance.randrange(150) for _ in range(min(left, 20))]:
            left -= 1
            if chance.random() < 0.2 and f"{number:03}" in wanted:
                del wanted[f"{number:03}"]
                keeps(ada, {"id": f"{number:03}"}, operation="delete")
            else:
                wanted[f"{number:03}"] = book(number, f"Whale {left}") | {"publisher": f"House {left % 3}"}
                keeps(ada, wanted[f"{number:03}"])

    grows(ada)
    between(
        monkeypatch, writes, (walk, "piece"), (publication, "publish"), (publication, "record"), (documents, "settle")
    )
    while left or state(collection) == rebuilds.RUNNING:
        runs(ada, collection)
    runs(ada, collection)

    found = {hit["document"]["id"]: hit["document"] for hit in ada.searches(per_page=250)["hits"]}
    assert found == wanted
    for house in range(3):
        asked = f"publisher:=`House {house}`"
        these = {each["id"] for each in wanted.values() if each.get("publisher") == f"House {house}"}
        assert {*ada.finds(filter_by=asked, per_page=250)} == these
    assert ada.searches()["out_of"] == len(wanted)
    assert documents.pending(collection["collection_id"], limit=10) == []


@pytest.mark.usefixtures("pieces")
def test_the_old_index_answers_until_the_new_one_has_caught_up(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    keeps(ada, *map(book, range(20)))
    runs(ada, collection)
    grows(ada)
    seen: list[tuple[int, int]] = []

    def searches() -> None:
        readers.forget()
        fields = ada.get("/collections/books").body["fields"]
        seen.append((len(fields), ada.searches()["found"]))

    between(monkeypatch, searches, (publication, "record"))
    runs(ada, collection)

    assert seen == [(7, 20)] * 5
    assert len(ada.get("/collections/books").body["fields"]) == 8


def test_a_reader_that_is_open_takes_the_new_fields_at_once(ada: Person, collection: dict[str, Any]):
    keeps(ada, book(1) | {"publisher": "Bentley"})
    runs(ada, collection)
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        ada.finds()
        grows(ada)
        indexer.run(ada.tenant_id, "books", collection["collection_id"], always)

        assert ada.finds("bentley", query_by="publisher") == ["001"]


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("step", ["functions.search.documents.walk", "functions.search.indexing.leases"])
def test_a_writer_that_slept_publishes_nothing_of_what_another_goes_on_with(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch, step: str
):
    keeps(ada, *map(book, range(20)))
    runs(ada, collection)
    grows(ada)
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        module, name = (walk, "piece") if step.endswith("walk") else (leases, "plan")
        function: Callable[..., Any] = getattr(module, name)
        asleep: list[bool] = []

        def after_another(*args: Any, **more: Any) -> Any:
            done = function(*args, **more)
            if not asleep:
                asleep.append(True)
                time.shift(leases.HELD / 1000 + 1)
                keeps(ada, {"id": "000", "title": "Omoo"})
                assert indexer.run(ada.tenant_id, "books", collection["collection_id"], always).is_done
            return done

        monkeypatch.setattr(module, name, after_another)
        with pytest.raises(LeaseLost):
            runs(ada, collection)
        readers.forget()

        assert state(collection) == rebuilds.COMPLETED
        assert ada.finds("omoo") == ["000"]
        assert ada.searches(facet_by="publisher")["found"] == 20


def test_documents_that_the_engine_could_not_take_are_tried_again(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    put = Writer.put

    def broken(writer: Writer, id_: str, content: Any) -> None:
        if id_ == "moby":
            raise EngineBroken("as a panic is")
        put(writer, id_, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Writer, "put", broken)
        ada.stores(WHALE, {"id": "emma", "title": "Emma"})
        runs(ada, collection)
        growth.rebuild(ada.tenant_id, "books")
        runs(ada, collection)
        refused = ada.get("/collections/books/documents/moby").body["index"]["state"]
    growth.rebuild(ada.tenant_id, "books")
    runs(ada, collection)

    assert refused == "refused"
    assert ada.get("/collections/books/documents/moby").body["index"]["state"] == "indexed"
    assert sorted(ada.finds()) == ["emma", "moby"]


def test_a_walk_sees_every_document_once(ada: Person, collection: dict[str, Any]):
    keeps(ada, *map(book, range(60)))
    ada.delete("/collections/books/documents/059")

    def walked(most: int, most_bytes: int) -> Iterator[str]:
        place = walk.Place()
        while not place.is_end:
            piece, place = walk.piece(collection["collection_id"], place, most=most, most_bytes=most_bytes)
            assert len(piece) <= most
            yield from (each.id for each in piece)

    for most, most_bytes in ((7, 10**6), (60, 10**6), (1000, 10**6), (1000, 200)):
        assert sorted(walked(most, most_bytes)) == [f"{number:03}" for number in range(60)]
