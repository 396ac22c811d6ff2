"""DynamoDB's limits and what it does when it is busy, which no emulator shows."""

import time

import pytest
from hypothesis import given

from shared.errors import TooLarge, Unavailable
from shared.storage import attributes, table, writes
from shared.storage.writes import Put
from tests.aws import hooks
from tests.aws.stored_items import size_of
from tests.shared.storage.items import ITEMS, calls, item, key

__all__ = ["calls"]

pytestmark = pytest.mark.usefixtures("aws")


class Busy:
    """A table that leaves the last requests of a batch unprocessed, so often, as DynamoDB does when it is too busy."""

    def __init__(self, *, times: int, last: int) -> None:
        self.times, self.last = times, last
        self.left: list = []
        hooks.register("provide-client-params.dynamodb.BatchWriteItem", self.take_from_write)
        hooks.register("after-call.dynamodb.BatchWriteItem", self.answer_write)
        hooks.register("provide-client-params.dynamodb.BatchGetItem", self.take_from_read)
        hooks.register("after-call.dynamodb.BatchGetItem", self.answer_read)

    def take(self, requests: list) -> list:
        """Return what is processed of these requests, and remember the rest."""
        self.times -= 1
        kept = len(requests) if self.times < 0 else max(len(requests) - self.last, 0)
        self.left = requests[kept:]
        return requests[:kept] or requests[:1]

    def take_from_write(self, params: dict, **_: object) -> dict:
        return {"RequestItems": {"milepost": self.take(params["RequestItems"]["milepost"])}}

    def answer_write(self, parsed: dict, **_: object) -> None:
        parsed["UnprocessedItems"] = {"milepost": self.left} if self.left else {}

    def take_from_read(self, params: dict, **_: object) -> dict:
        asked = params["RequestItems"]["milepost"]
        return {"RequestItems": {"milepost": {**asked, "Keys": self.take(asked["Keys"])}}}

    def answer_read(self, parsed: dict, **_: object) -> None:
        parsed["UnprocessedKeys"] = {"milepost": {"Keys": self.left}} if self.left else {}


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that moves only when somebody sleeps, and how long they slept."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    monkeypatch.setattr(time, "monotonic", lambda: sum(made))
    return made


def test_what_a_batch_of_writes_left_is_sent_again_after_a_pause(calls: list[str], slept: list[float]):
    Busy(times=3, last=10)

    table.put_many([item(number) for number in range(30)])

    assert [each["SK"] for each in table.query_all("USER#1", "TASK#")] == [f"TASK#{number:03}" for number in range(30)]
    assert calls.count("BatchWriteItem") == 4
    assert len(slept) == 3
    assert all(0 <= pause <= table.UNPROCESSED.longest_seconds for pause in slept)


def test_what_a_batch_of_reads_left_is_asked_for_again_after_a_pause(slept: list[float]):
    table.put_many([item(number) for number in range(30)])
    Busy(times=2, last=20)

    found = table.get_many([key(number) for number in range(30)])

    assert [each["SK"] for each in found] == [f"TASK#{number:03}" for number in range(30)]
    assert len(slept) == 2


def test_a_batch_that_is_never_processed_is_refused_when_patience_ends(slept: list[float]):
    Busy(times=10_000, last=1)

    for call in (lambda: table.put_many([item(1)]), lambda: table.get_many([key(1)])):
        slept.clear()
        with pytest.raises(Unavailable) as refused:
            call()

        assert refused.value.headers == {"Retry-After": "1"}
        assert sum(slept) == pytest.approx(table.UNPROCESSED.patience_seconds)


@pytest.mark.parametrize(("count", "batches"), [(24, 1), (25, 1), (26, 2)])
def test_a_call_writes_and_removes_25_at_most(count: int, batches: int, calls: list[str]):
    table.put_many([item(number) for number in range(count)])
    table.delete_many([key(number) for number in range(count)])

    assert calls == ["BatchWriteItem"] * 2 * batches


@pytest.mark.parametrize(("count", "batches"), [(99, 1), (100, 1), (101, 2)])
def test_a_call_reads_100_at_most(count: int, batches: int, calls: list[str]):
    table.put_many([item(number) for number in range(count)])
    calls.clear()

    found = table.get_many([key(number) for number in range(count)])

    assert calls == ["BatchGetItem"] * batches
    assert [each["SK"] for each in found] == [f"TASK#{number:03}" for number in range(count)]


@pytest.mark.parametrize("count", [99, 100])
def test_a_transaction_of_up_to_100_actions_is_written(count: int):
    table.transact([Put(item(number)) for number in range(count)])

    assert len(list(table.query_all("USER#1", "TASK#"))) == count


def test_a_transaction_of_101_actions_is_refused(calls: list[str]):
    with pytest.raises(TooLarge):
        table.transact([Put(item(number)) for number in range(101)])
    assert calls == []


def filled(number: int, size: int) -> dict:
    """Return an item of so many bytes."""
    bare = size_of(item(number, text=""))
    return item(number, text="x" * (size - bare))


@pytest.mark.parametrize("size", [writes.MAX_ITEM_BYTES - 1, writes.MAX_ITEM_BYTES])
def test_an_item_of_up_to_400_kb_may_be_sent(size: int):
    # moto refuses items of a little less already, so nothing is written here.
    assert writes.fitting(filled(1, size)) == (attributes.dump(filled(1, size)), size)


def test_an_item_of_a_byte_more_than_400_kb_is_refused(calls: list[str]):
    larger = filled(1, writes.MAX_ITEM_BYTES + 1)

    for write in (lambda: table.put_many([item(2), larger]), lambda: table.transact([Put(item(2)), Put(larger)])):
        with pytest.raises(TooLarge):
            write()
    assert calls == []


def of_4_mb(more: int) -> list[Put]:
    """Return the writes of a transaction of 4 MB and so many bytes."""
    part = writes.MAX_TRANSACTION_BYTES // 16
    return [Put(filled(number, part + (more if number == 0 else 0))) for number in range(16)]


@pytest.mark.parametrize("more", [-1, 0])
def test_a_transaction_of_up_to_4_mb_is_written(more: int):
    table.transact(of_4_mb(more))

    assert table.get(key(15)) is not None


def test_a_transaction_of_a_byte_more_than_4_mb_is_refused(calls: list[str]):
    with pytest.raises(TooLarge):
        table.transact(of_4_mb(1))
    assert calls == []


@given(ITEMS)
def test_an_item_is_counted_as_dynamodb_counts_it(fields: dict):
    assert writes.fitting(fields) == (attributes.dump(fields), size_of(fields))
