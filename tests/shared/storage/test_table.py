import pytest

from shared.errors import Malformed, TooLarge
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.table import ConditionFailed
from shared.storage.writes import ABSENT, PRESENT, Add, Check, Delete, Put, unchanged
from tests.shared.storage.items import calls, item, key

__all__ = ["calls"]

pytestmark = pytest.mark.usefixtures("aws")


def test_an_item_comes_back_as_it_was_put():
    whole = item(1, text="ä🏃", yes=True, no=False, none=None, big=10**37, many=[1, "a", {"deep": [None]}], empty={})

    table.put_many([whole])

    assert table.get(key(1), consistent=True) == whole


def test_a_float_is_never_stored():
    with pytest.raises(TypeError, match="float"):
        table.put_many([item(1, percent=66.67)])


def test_many_come_back_in_the_order_of_their_keys():
    table.put_many([item(1), item(2)])

    assert table.get_many([key(2), key(9), key(1), key(2)]) == [item(2), None, item(1), item(2)]


def test_none_of_many_costs_no_call(calls: list[str]):
    assert table.get_many([]) == []
    assert calls == []


@pytest.mark.parametrize("index", [False, True])
@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_every_item_is_on_exactly_one_page(index: bool, newest_first: bool, limit: int):  # noqa: FBT001
    table.put_many([item(number) for number in range(7)] + [item(number, "USER#2") for number in range(3)])
    prefix = "ENTITY#Task#" if index else "TASK#"

    found, cursor = [], None
    while cursor is not None or not found:
        page = table.query("USER#1", prefix, limit=limit, cursor=cursor, index=index, newest_first=newest_first)
        found += [each["SK"] for each in page.items]
        cursor = page.next_cursor

    assert sorted(found) == [f"TASK#{number:03}" for number in range(7)]


def test_a_full_last_page_says_that_it_is_the_last(calls: list[str]):
    table.put_many([item(number) for number in range(4)])
    calls.clear()

    page = table.query("USER#1", "TASK#", limit=4)

    assert (len(page.items), page.next_cursor) == (4, None)
    assert calls == ["Query"]


def test_a_prefix_does_not_reach_beyond_itself():
    table.put_many([item(1), {**item(2), "SK": "TASKS#1"}])

    assert table.query("USER#1", "TASK#", limit=10).items == [item(1)]


def test_all_items_are_found_over_all_pages():
    table.put_many([item(number) for number in range(7)])

    assert len(list(table.query_all("USER#1", "TASK#", page=2))) == 7


def test_a_foreign_cursor_is_malformed():
    with pytest.raises(Malformed):
        table.query("USER#1", "TASK#", limit=1, cursor="W10")


def test_a_transaction_is_written_whole_or_not_at_all():
    table.put_many([item(1)])

    with pytest.raises(ConditionFailed) as failed:
        table.transact([Put(item(2), ABSENT), Put(item(1), ABSENT), Check(key(3), PRESENT)])

    assert [type(write).__name__ for write in failed.value.writes] == ["Put", "Check"]
    assert table.get(key(2)) is None


def test_a_transaction_puts_deletes_checks_and_adds():
    table.put_many([item(1), item(2)])

    table.transact(
        [
            Put(item(1, version=2), unchanged(1)),
            Delete(key(2), unchanged(1)),
            Check(Key("USER#1", "TENANT"), ABSENT),
            Add(Key("USER#1", "COUNTS"), {"active": 2, "done": -1}),
        ]
    )

    assert table.get_many([key(1), key(2)]) == [item(1, version=2), None]
    assert table.get(Key("USER#1", "COUNTS")) == {"PK": "USER#1", "SK": "COUNTS", "active": 2, "done": -1}


@pytest.mark.parametrize(
    "changes",
    [
        [Put(item(number)) for number in range(101)],
        [Put(item(1, text="x" * 400 * 1024))],
        [Put(item(1, text="ä" * 205 * 1024))],
        [Put(item(number, text="x" * 390 * 1024)) for number in range(11)],
    ],
    ids=["101 items", "400 KB", "400 KB of two bytes each", "4 MB"],
)
def test_more_than_dynamodb_takes_is_refused_before_it_is_sent(changes: list, calls: list[str]):
    with pytest.raises(TooLarge):
        table.transact(changes)

    assert calls == []


def test_many_are_written_and_removed_25_a_call(calls: list[str]):
    table.put_many([item(number) for number in range(60)])
    table.delete_many([key(number) for number in range(60)])

    assert calls == ["BatchWriteItem"] * 6
    assert list(table.query_all("USER#1", "TASK#")) == []


def test_a_call_may_take_as_long_as_the_stage_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_TIMEOUT_SECONDS", "8")

    assert table._client.__wrapped__()._limits == (8 / 3, 8)
