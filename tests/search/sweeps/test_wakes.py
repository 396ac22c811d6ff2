"""Wake-ups that are lost: whatever became of the message, the document is found minutes later."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
import time_machine

from functions.search import indexing_consumers
from functions.search.documents import documents
from functions.search.indexing import indexer, leases
from functions.search.sweeps import consumers, wakes
from shared import clock, config
from shared.storage import table
from tests.aws import hooks
from tests.aws.emf import counted
from tests.aws.entries import Context
from tests.infra.permissions import allowed, used
from tests.search.people import Backbone, Person, woken
from tests.search.sweeps.late import index_as_it_was
from tests.soaking import histories, soaks

__all__ = ["used"]

WHALE = {"id": "moby", "title": "The White Whale"}
NOON = "2026-11-20T12:00:00Z"


def sweeps() -> int:
    return consumers.handler({"action": "wake"}, Context())["found"]


def waiting() -> int:
    """Return how many messages wait for the indexer."""
    url = config.indexing_queue_url()
    asked = boto3.client("sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    )
    return sum(int(number) for number in asked["Attributes"].values())


def test_a_wake_up_before_the_index_of_the_table_has_the_document_is_made_up_for(
    ada: Person, backbone: Backbone, collection: dict[str, Any]
):
    with time_machine.travel(NOON, tick=False) as time:
        with index_as_it_was():
            ada.stores(WHALE)
            backbone.runs()
        before = ada.finds("whale")
        time.shift(31)
        found = sweeps()
        backbone.runs()

        assert (before, found, ada.finds("whale")) == ([], 1, ["moby"])
        assert sweeps() == 0


def test_what_has_just_changed_is_left_to_its_own_wake_up(ada: Person, collection: dict[str, Any]):
    with time_machine.travel(NOON, tick=False) as time:
        ada.stores(WHALE)
        time.shift(29)

        assert (sweeps(), waiting()) == (0, 0)


def test_every_collection_that_waits_is_woken_once_however_many_documents_do(ada: Person, eve: Person):
    for person in (ada, eve):
        person.makes()
        person.makes("journals")
    with time_machine.travel(NOON, tick=False) as time:
        for number in range(40):
            ada.stores({"id": str(number), "title": "Whale"})
        for person in (ada, eve):
            person.stores(WHALE, name="journals")
        time.shift(60)

        assert (sweeps(), waiting()) == (3, 3)
        assert (sweeps(), waiting()) == (3, 3)


@pytest.mark.parametrize("is_first_older", [True, False])
def test_a_collection_is_woken_for_the_document_that_waits_longest_in_whichever_shard_it_is(
    ada: Person,
    collection: dict[str, Any],
    is_first_older: bool,  # noqa: FBT001
):
    with time_machine.travel(NOON, tick=False) as time:
        # The shard that the first sweep begins with is the last one of the second.
        begins = (clock.now() // (60 * clock.SECOND) + 1) % documents.SHARDS
        by_shard = {documents._shard(each): each for each in map(str, range(500))}
        in_first, in_next, in_another = (by_shard[(begins + number) % documents.SHARDS] for number in range(3))
        for id_ in (in_first, in_next) if is_first_older else (in_next, in_first):
            ada.stores({"id": id_, "title": "Whale"})
            time.shift(10)
        time.shift(40)
        first = sweeps(), waiting()
        ada.stores({"id": in_another, "title": "Whale"})
        time.shift(60)
        second = sweeps(), waiting()

    # The queue takes a wake-up for the same document once.
    assert (first, second) == ((1, 1), (1, 1))


def test_a_collection_that_was_deleted_meanwhile_is_removed(
    ada: Person, backbone: Backbone, collection: dict[str, Any]
):
    with time_machine.travel(NOON, tick=False) as time:
        ada.stores(WHALE)
        ada.delete("/collections/books")
        backbone.seen |= {each["event_id"] for each in table.query_all(f"TENANT#{ada.tenant_id}", "EVENT#")}
        time.shift(60)
        found = sweeps()
        backbone.indexes()

    assert found == 1
    assert [*documents.every(collection["collection_id"])] == []


def test_a_wake_up_of_a_deleted_collection_that_comes_twice_does_nothing(ada: Person, collection: dict[str, Any]):
    ada.stores(WHALE)
    ada.delete("/collections/books")
    answers = [indexing_consumers.handler(woken(collection, ada), Context()) for _ in range(2)]

    assert answers == [{"batchItemFailures": []}] * 2


def test_a_sweep_without_time_goes_on_with_another_shard_in_the_next_minute(ada: Person, collection: dict[str, Any]):
    with time_machine.travel(NOON, tick=False) as time:
        for number in range(40):
            ada.stores({"id": str(number), "title": "Whale"})
        time.shift(60)
        asked: list[int] = []

        def once() -> bool:
            asked.append(1)
            return len(asked) < 2

        with shards_read() as first:
            wakes.run(once)
        time.shift(60)
        asked.clear()
        with shards_read() as second:
            wakes.run(once)

    assert max(len(first), len(second)) < documents.SHARDS
    assert first[0] != second[0]


def test_a_writer_that_says_nothing_for_two_minutes_is_counted(
    ada: Person, collection: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    with time_machine.travel(NOON, tick=False) as time:
        ada.stores(WHALE)
        leases.take(collection["collection_id"])
        time.shift(119)
        sweeps()
        before = counted(capsys, "StalledWriters")
        time.shift(1)
        sweeps()
        (after,) = counted(capsys, "StalledWriters")

    assert (before, [*after.numbers]) == ([], [1])


def test_a_writer_that_has_let_go_of_its_lease_is_not_counted(
    ada: Person, collection: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    with time_machine.travel(NOON, tick=False) as time:
        ada.stores(WHALE)
        leases.release(leases.take(collection["collection_id"]))
        time.shift(600)
        sweeps()

    assert counted(capsys, "StalledWriters") == []


def test_documents_are_indexed_as_they_are_and_not_as_the_index_of_the_table_has_them(
    ada: Person, collection: dict[str, Any]
):
    ada.stores({"id": "moby", "title": "An old title"})
    with index_as_it_was():
        ada.stores({"id": "moby", "title": "A newer title"})
        indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda: True)

    assert (ada.finds("newer"), ada.finds("old")) == (["moby"], [])


def test_what_the_index_of_the_table_still_shows_as_waiting_hides_nothing_that_waits(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(indexer, "BATCH", 2)
    of_one_shard = [each for each in map(str, range(200)) if documents._shard(each) == 3][:5]
    ada.stores(*({"id": each, "title": "Whale"} for each in of_one_shard))
    with index_as_it_was():
        ran = indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda: True)

    assert (ran.is_done, ran.generation) == (True, 3)
    assert sorted(ada.finds("whale")) == sorted(of_one_shard)


@soaks
def test_thousands_of_changes_to_one_document_end_as_the_last(
    ada: Person, backbone: Backbone, collection: dict[str, Any]
):
    last = histories(300, soaking=10_000)
    for first in range(1, last, 100):
        changes = [
            {
                "operation": "upsert",
                "collection_name": "books",
                "document": {"id": "moby", "title": f"title{version}"},
                "version": version,
            }
            for version in range(first, first + 100)
        ]
        assert ada.rest("POST", "/documents/batch", {"changes": changes[::-1]}).status == 200
    backbone.runs()

    assert (ada.finds(f"title{last}"), ada.finds(f"title{last - 1}")) == (["moby"], [])
    assert ada.get("/collections/books/documents/moby").body["version"] == last


def test_an_older_change_does_not_bring_back_what_was_deleted(
    ada: Person, backbone: Backbone, collection: dict[str, Any]
):
    ada.syncs("upsert", WHALE, version=5)
    ada.syncs("delete", {"id": "moby"}, version=9)
    late = ada.syncs("upsert", WHALE, version=7)
    backbone.runs()

    assert (late.status, late.body["code"], ada.finds("*")) == (409, "NewerVersion", [])


def test_the_sweep_calls_what_its_role_allows_and_no_more(ada: Person, used: set[str], collection: dict[str, Any]):
    with time_machine.travel(NOON, tick=False) as time:
        ada.stores(WHALE)
        indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda: True)
        ada.delete("/collections/books/documents/moby")
        ada.stores(WHALE | {"id": "emma"}, WHALE | {"id": "typee"})
        indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda: True)
        ada.delete("/collections/books/documents/emma")
        indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda: True)
        ada.stores(WHALE)
        time.shift(13 * 24 * 60 * 60)
        used.clear()
        sweeps()
        for action in ("remove_orphans", "erase"):
            consumers.handler({"action": action}, Context())

    assert used == allowed("functions.search.sweeps.consumers.handler")


@contextmanager
def shards_read() -> Iterator[list[str]]:
    """Return the partitions of the index of the table that are read."""
    read: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        read.append(params["ExpressionAttributeValues"][":pk"]["S"])

    with hooks.registered("provide-client-params.dynamodb.Query", note):
        yield read
