"""That the quick table refuses the keys that moto refuses."""

from typing import Any

import pytest

from shared.aws.client import AwsRefused
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import PRESENT, Add, Delete, Put
from tests.aws.quick.table import QuickTable

ROW: Item = {"PK": "A", "SK": "ROW#1", "n": 1}
CALLS: dict[str, Any] = {
    "an item without a partition": lambda: table.transact([Put({**ROW, "PK": ""})]),
    "an item without a sort key": lambda: table.put_many([{**ROW, "SK": ""}]),
    "an item without a place in the index": lambda: table.transact([Put({**ROW, "GSI1PK": "X", "GSI1SK": ""})]),
    "an item with a long partition": lambda: table.transact([Put({**ROW, "PK": "ü" * 1025})]),
    "an item with a long sort key": lambda: table.transact([Put({**ROW, "SK": "x" * 1025})]),
    "a count with a long sort key": lambda: table.transact([Add(Key("A", "x" * 1025), {"n": 1})]),
    "a read without a sort key": lambda: table.get(Key("A", "")),
    "a query without a beginning": lambda: table.query("A", "", limit=1),
    "a query of the index without a beginning": lambda: table.query("A", "", limit=1, index=True),
}
LAX: dict[str, Any] = {
    "a removal without a sort key": lambda: table.transact([Delete(Key("A", ""))]),
    "an update that leaves no place in the index": lambda: table.update(
        Key("A", "ROW#1"),
        "SET #at = :at, #of = :of",
        names={"#at": "GSI1SK", "#of": "GSI1PK"},
        values={":at": "", ":of": "X"},
        condition=PRESENT,
    ),
}
"""What moto takes, and DynamoDB does not."""


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_moto_refuses_it(call: Any, aws: None) -> None:
    table.put_many([ROW])

    assert is_refused(call)


@pytest.mark.parametrize("call", [*CALLS.values(), *LAX.values()], ids=[*CALLS, *LAX])
def test_the_quick_table_refuses_it(call: Any, aws: None) -> None:
    table.put_many([ROW])
    quick = QuickTable()
    quick.take_over()
    before = dict(quick.items)

    assert is_refused(call)
    assert dict(quick.items) == before


def test_what_just_fits_is_taken(aws: None) -> None:
    QuickTable().take_over()
    widest = {"PK": "x" * 2048, "SK": "y" * 1024, "n": 1}
    table.put_many([widest])

    assert table.get(Key(widest["PK"], widest["SK"])) == widest


def is_refused(call: Any) -> bool:
    """Return whether a call is refused for what it asks, be it in an update of its own or not."""
    with pytest.raises((AwsRefused, table.UpdateRefused)) as refused:
        call()
    return not isinstance(refused.value, AwsRefused) or refused.value.code == "ValidationException"
