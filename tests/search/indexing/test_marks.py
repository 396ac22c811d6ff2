"""The marks of documents that wait: taken off at the same time, and none is lost by another."""

import threading
from collections import Counter, defaultdict
from typing import Any

import pytest

from functions.search.documents import documents
from shared.aws.client import NoAnswer
from shared.errors import Unavailable
from shared.storage import parallel
from tests.aws import hooks
from tests.search.indexing.runs import runs
from tests.search.people import Person


def test_marks_are_taken_off_at_once_with_one_call_each(ada: Person, collection: dict[str, Any]):
    together = threading.Barrier(parallel.AT_ONCE)
    calls: list[str] = []

    def wait_for_others(model: Any, params: dict[str, Any], **_: Any) -> None:
        body = params["body"].decode()
        if "REMOVE #gpk" in body or ("SEARCH#PENDING#" in body and model.name == "Query"):
            together.wait(10)
            calls.append(model.name)

    ada.stores(*({"id": str(number), "title": "Whale"} for number in range(4 * parallel.AT_ONCE)))
    with hooks.registered("before-call.dynamodb", wait_for_others):
        assert runs(ada, collection)

    # The shards are looked at before the publication, and once more after it.
    assert Counter(calls) == {"UpdateItem": 4 * parallel.AT_ONCE, "Query": 2 * documents.SHARDS}
    assert documents.pending(collection["collection_id"], limit=100) == []


def test_a_mark_that_could_not_be_taken_off_leaves_the_others_to_be_taken_off(ada: Person, collection: dict[str, Any]):
    all_have_begun = threading.Barrier(parallel.AT_ONCE)

    def fail(params: dict[str, Any], **_: Any) -> None:
        if "REMOVE #gpk" in params["body"].decode():
            all_have_begun.wait(10)
        if '"DOCUMENT#3"' in params["body"].decode():
            raise NoAnswer("the connection was closed")

    ada.stores(*({"id": str(number), "title": "Whale"} for number in range(parallel.AT_ONCE)))
    with hooks.registered("before-call.dynamodb.UpdateItem", fail), pytest.raises(Unavailable):
        runs(ada, collection)
    left = [each.id for each in documents.pending(collection["collection_id"], limit=100)]
    runs(ada, collection)

    assert left == ["3"]
    assert ada.searches("whale")["found"] == parallel.AT_ONCE
    assert documents.pending(collection["collection_id"], limit=100) == []


def test_what_waits_is_found_page_by_page_in_the_order_of_its_changes(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(documents, "_PAGE", 2)
    names = [str(number) for number in range(80)]
    ada.stores(*({"id": name, "title": "Whale"} for name in names))
    waiting = [each.id for each in documents.pending(collection["collection_id"], limit=1000)]
    by_shard: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_shard[documents.key(collection["collection_id"], name).pk].append(name)
    shards = [by_shard[partition] for partition in documents.partitions(collection["collection_id"])]

    assert max(map(len, shards)) > 4
    assert waiting == [name for shard in shards for name in shard]
