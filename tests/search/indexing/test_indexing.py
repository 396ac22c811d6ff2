"""From the table to the index, in whatever order it is woken."""

import json
from typing import Any

import boto3
import pytest

from functions.search import consumers, indexing_consumers
from functions.search.collections import growth, pointers
from functions.search.documents import documents
from functions.search.indexing import benches, indexer
from shared import clock, config
from shared.storage import files, table
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.aws.troubles import losing_answers
from tests.infra.permissions import allowed, used
from tests.search.indexing.runs import WHALE, kept, pointer, runs
from tests.search.people import Backbone, Person, woken

__all__ = ["used"]


def test_changes_are_found_after_a_run_and_deleted_documents_are_not(ada: Person, collection: dict[str, Any]):
    ada.stores(WHALE, {"id": "emma", "title": "Emma"})
    assert runs(ada, collection)
    first = ada.finds("whale")
    ada.delete("/collections/books/documents/moby")
    ada.stores({"id": "emma", "title": "Emma and the Whale"})
    assert runs(ada, collection)

    assert (first, ada.finds("whale")) == (["moby"], ["emma"])
    assert ada.get("/collections/books").body["num_documents"] == 1
    assert documents.pending(collection["collection_id"], limit=10) == []


def test_a_collection_that_changes_all_the_time_keeps_so_many_replaced_objects_only(
    ada: Person, collection: dict[str, Any]
):
    ada.stores(WHALE)
    runs(ada, collection)
    before = pointer(collection)
    replaced = [pointers.Discarded(f"search/replaced/{number:04d}", clock.now()) for number in range(5000)]
    for each in (replaced[3999], replaced[4000]):
        files.put_once(each.object, b"", media_type="application/octet-stream")
    now = before._replace(discarded=replaced[3990:], version=before.version + 1)
    table.transact([pointers.published(before, now)])

    ada.stores({"id": "emma", "title": "Emma"})
    runs(ada, collection)

    after = pointer(collection)
    assert after.discarded[: pointers.MOST_KEPT] == replaced[-pointers.MOST_KEPT :]
    assert len(after.discarded) < pointers.MOST_KEPT + 10
    assert kept() & {replaced[3999].object, replaced[4000].object} == {replaced[4000].object}


def test_many_changes_are_published_a_batch_at_a_time(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(indexer, "BATCH", 5)
    ada.stores(*({"id": str(number), "title": "Whale"} for number in range(12)))
    assert runs(ada, collection)

    assert pointer(collection).version == 3
    assert ada.searches("whale")["found"] == 12


def test_much_text_is_published_in_several_batches(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(indexer, "BATCH_BYTES", 100)
    ada.stores(*({"id": str(number), "title": "Whale" * 8} for number in range(6)))
    assert runs(ada, collection)

    assert pointer(collection).version == 3
    assert ada.searches()["found"] == 6


def test_what_was_changed_many_times_is_there_as_it_is_now(ada: Person, collection: dict[str, Any]):
    for number in range(30):
        ada.stores({"id": "moby", "title": f"Title {number}"})
    assert runs(ada, collection)

    assert (pointer(collection).version, ada.finds("29"), ada.finds("28")) == (1, ["moby"], [])


def test_a_change_while_it_is_published_waits_for_the_next_round(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    ada.stores(WHALE)
    settle, changed = documents.settle, []

    def after_another(document: documents.Stored, *, refused: bool = False) -> bool:
        if not changed:
            changed.append(ada.syncs("upsert", {"id": "moby", "title": "Another title"}))
        return settle(document, refused=refused)

    monkeypatch.setattr(documents, "settle", after_another)
    runs(ada, collection)
    between = documents.pending(collection["collection_id"], limit=10)
    runs(ada, collection)

    assert [each.version for each in between] == [2]
    assert ada.finds("another") == ["moby"]
    assert documents.pending(collection["collection_id"], limit=10) == []


def test_a_wake_up_that_comes_twice_or_for_nothing_publishes_nothing(ada: Person, collection: dict[str, Any]):
    ada.stores(WHALE)
    for _ in range(3):
        assert indexing_consumers.handler(woken(collection, ada), Context()) == {"batchItemFailures": []}

    assert pointer(collection).version == 1


def test_an_instance_that_has_written_an_index_does_not_fetch_it_again(
    ada: Person, eve: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    ada.stores(WHALE)
    runs(ada, collection)
    fetched: list[str] = []
    read = files.read
    monkeypatch.setattr(files, "read", lambda key, **more: fetched.append(key) or read(key, **more))
    ada.stores({"id": "emma", "title": "Emma"})
    runs(ada, collection)
    at_once = [*fetched]
    eve.makes()
    eve.stores(WHALE)
    runs(eve, eve.get("/collections/books").body)
    ada.stores({"id": "typee", "title": "Typee"})
    runs(ada, collection)

    assert at_once == []
    assert fetched != []
    assert sorted(ada.finds("*")) == ["emma", "moby", "typee"]


def test_a_folder_that_was_written_elsewhere_meanwhile_is_not_used(ada: Person, collection: dict[str, Any]):
    ada.stores(WHALE)
    runs(ada, collection)
    here = benches._warm.pop()
    ada.stores({"id": "emma", "title": "Emma"})
    runs(ada, collection)
    indexer.forget()
    benches._warm.append(here)
    ada.stores({"id": "typee", "title": "Typee"})
    runs(ada, collection)

    assert sorted(ada.finds("*")) == ["emma", "moby", "typee"]


def test_an_index_that_was_lost_is_made_again_from_the_documents(ada: Person, collection: dict[str, Any]):
    ada.stores(WHALE, {"id": "emma", "title": "Emma"})
    runs(ada, collection)
    before = ada.searches("whale") | {"search_time_ms": 0}
    table.delete_many([pointers.key(collection["collection_id"])])
    ada.stores(WHALE, {"id": "emma", "title": "Emma"})
    runs(ada, collection)

    assert ada.searches("whale") | {"search_time_ms": 0} == before


def test_other_tenants_change_no_bytes_of_an_index(ada: Person, eve: Person, collection: dict[str, Any]):
    ada.stores(WHALE)
    runs(ada, collection)
    before = ada.searches("whale")["hits"]
    eve.makes()
    eve.stores(*({"id": str(number), "title": "whale " * 5} for number in range(20)))
    runs(eve, eve.get("/collections/books").body)

    assert ada.searches("whale")["hits"] == before
    assert {part.object.split("/")[1] for part in pointer(collection).parts} == {ada.tenant_id}


def test_a_run_without_time_has_the_rest_done_by_another_message(ada: Person, collection: dict[str, Any]):
    class Hurried(Context):
        def get_remaining_time_in_millis(self) -> int:
            return 5_000

    ada.stores(WHALE)
    answer = indexing_consumers.handler(woken(collection, ada), Hurried())
    found = boto3.client("sqs").receive_message(QueueUrl=config.indexing_queue_url())["Messages"]

    assert answer == {"batchItemFailures": []}
    assert json.loads(found[0]["Body"])["collection_id"] == collection["collection_id"]


def test_a_run_that_failed_comes_again_soon_and_later_each_time(ada: Person, collection: dict[str, Any]):
    """No message of a collection is handled while one of it is away, so all of its changes wait that long."""
    ada.stores(WHALE)
    pauses: list[int] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        pauses.append(params["VisibilityTimeout"])

    with hooks.registered("provide-client-params.sqs.ChangeMessageVisibility", note):
        for receives in (1, 2, 8):
            with losing_answers("TransactWriteItems", takes_effect=False):
                body = woken(collection, ada)["Records"][0]["body"]
                answer = indexing_consumers.handler(batch([body, body], receives=receives), Context())
            assert answer["batchItemFailures"] == [{"itemIdentifier": f"message-{number}"} for number in range(2)]

    assert pauses == [5, 5, 10, 10, 300, 300]


def test_a_message_that_names_no_collection_fails_alone(ada: Person, collection: dict[str, Any]):
    ada.stores(WHALE)
    good = woken(collection, ada)["Records"][0]["body"]
    bodies = ["", "[]", "{}", '{"tenant_id": "x", "name": "books", "collection_id": "y"}', good]
    answer = indexing_consumers.handler(batch(bodies), Context())

    assert [each["itemIdentifier"] for each in answer["batchItemFailures"]] == [f"message-{n}" for n in range(4)]
    assert documents.pending(collection["collection_id"], limit=10) == []


def test_an_event_wakes_up_the_indexer_with_nothing_but_the_name(ada: Person, backbone: Backbone):
    ada.stores({"id": "moby", "title": "confidential"})
    backbone.tells()
    (found,) = boto3.client("sqs").receive_message(QueueUrl=config.indexing_queue_url())["Messages"]

    assert json.loads(found["Body"]).keys() == {"tenant_id", "collection_id", "name"}
    assert consumers.handler(batch(["{}"]), Context())["batchItemFailures"] == [{"itemIdentifier": "message-0"}]


def test_the_indexer_calls_what_its_role_allows_and_no_more(ada: Person, used: set[str], collection: dict[str, Any]):
    ada.stores(WHALE, WHALE | {"id": "emma"})
    used.clear()
    runs(ada, collection)
    ada.delete("/collections/books/documents/emma")
    # The index owes an erasure now, and when it is built anew it does so no more.
    runs(ada, collection)
    used.discard("INDEX")
    indexed = set(used)
    growth.rebuild(ada.tenant_id, "books")
    used.clear()
    runs(ada, collection)
    used.discard("INDEX")
    indexed |= used
    ada.delete("/collections/books")
    used.clear()
    runs(ada, collection)

    assert indexed | used == allowed("functions.search.indexing_consumers.handler")


def test_a_wake_up_calls_nothing_of_the_table(ada: Person, backbone: Backbone, used: set[str]):
    ada.stores(WHALE)
    used.clear()
    backbone.tells()
    used.discard("Scan")

    assert used == allowed("functions.search.consumers.handler")
