"""What waits for the index is read once, however much text it has."""

import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from functions.search.documents import documents
from functions.search.indexing import indexer
from shared.storage import table
from shared.storage.attributes import Item, Key
from tests.aws import hooks
from tests.search.indexing.runs import runs
from tests.search.people import Person


def test_much_text_that_waits_is_not_read_again_with_every_batch(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    read: list[str] = []

    def note(params: Mapping[str, Any], **_: Any) -> None:
        (asked,) = json.loads(params["body"])["RequestItems"].values()
        read.extend(key["SK"]["S"] for key in asked["Keys"] if key["SK"]["S"].startswith(documents.PREFIX))

    monkeypatch.setattr(indexer, "BATCH_BYTES", 100)
    monkeypatch.setattr(documents, "_PAGE", 3)
    ada.stores(*({"id": str(number), "title": "Whale" * 8} for number in range(30)))
    hooks.register("before-call.dynamodb.BatchGetItem", note)
    assert runs(ada, collection)

    assert len(read) <= 45
    assert ada.searches()["found"] == 30


def test_documents_with_little_text_are_read_in_pages_at_the_same_time(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    """The second and the third page wait for each other: read one after the other, they would never end."""
    monkeypatch.setattr(documents, "_PAGE", 10)
    ada.stores(*({"id": str(number), "title": "Whale"} for number in range(30)))
    together, read = threading.Barrier(2, timeout=60), table.get_many
    pages: list[int] = []

    def waits(keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
        pages.append(len(keys))
        if len(pages) > 1:
            together.wait()
        return read(keys, consistent=consistent)

    monkeypatch.setattr(table, "get_many", waits)
    found = documents.pending(collection["collection_id"], limit=30)

    assert (pages, len({each.id for each in found})) == ([10, 10, 10], 30)
