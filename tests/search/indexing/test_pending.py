"""What waits for the index is read once, however much text it has."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from functions.search.documents import documents
from functions.search.indexing import indexer
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
