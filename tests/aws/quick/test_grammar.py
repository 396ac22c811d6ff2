"""That the quick table refuses the expressions that moto refuses for how they are written."""

from typing import Any

import pytest

from shared import config
from shared.aws.client import AwsRefused
from shared.storage import attributes, table
from shared.storage.attributes import Item
from tests.aws.quick.table import QuickTable

ROW: Item = {"PK": "A", "SK": "ROW#1", "n": 1}
N, M = {"#n": "n"}, {"#n": "n", "#m": "m"}
V, W = {":v": 1}, {":v": 1, ":w": 2}
WRONG: dict[str, dict[str, Any]] = {
    "a name that is not used": {"update": "SET #n = :v", "names": M, "values": V},
    "a value that is not used": {"update": "SET #n = :v", "names": N, "values": W},
    "a value that is not declared": {"update": "SET #n = :w", "names": N, "values": V},
    "a reserved word": {"update": "SET status = :v", "names": None, "values": V},
    "a reserved word in a condition": {
        "update": "SET #n = :v",
        "names": N,
        "values": V,
        "condition": "attribute_exists(name)",
    },
    "something changed twice": {"update": "SET #n = :v, #n = :w", "names": N, "values": W},
    "something set and removed": {"update": "SET #n = :v REMOVE #n", "names": N, "values": V},
}
LAX: dict[str, dict[str, Any]] = {
    "a name that is not declared": {"update": "SET #n = :v, #m = :v", "names": N, "values": V},
    "no names": {"update": "SET n = :v", "names": {}, "values": V},
}
"""What moto takes or breaks on, and DynamoDB refuses."""
RIGHT: dict[str, dict[str, Any]] = {
    "an update": {"update": "SET #n = :v", "names": N, "values": V},
    "one with a condition": {
        "update": "SET #n = :v",
        "names": M,
        "values": W,
        "condition": "#m = :w OR attribute_not_exists(#m)",
    },
    "a default": {"update": "SET #n = if_not_exists(#m, :v), #m = :w", "names": M, "values": W},
    "two changes": {"update": "SET #n = :v, #m = :w", "names": M, "values": W},
    "all sections": {"update": "SET #n = :v REMOVE #m", "names": M, "values": V},
    "a count": {"update": "ADD #n :v", "names": N, "values": V},
}


@pytest.mark.parametrize("written", WRONG.values(), ids=WRONG)
def test_both_refuse_it(written: dict[str, Any], aws: None) -> None:
    assert is_refused(written)
    QuickTable().take_over()
    assert is_refused(written)


@pytest.mark.parametrize("written", LAX.values(), ids=LAX)
def test_the_quick_table_refuses_it(written: dict[str, Any], aws: None) -> None:
    QuickTable().take_over()

    assert is_refused(written)


@pytest.mark.parametrize("written", RIGHT.values(), ids=RIGHT)
def test_both_take_it(written: dict[str, Any], aws: None) -> None:
    assert not is_refused(written)
    QuickTable().take_over()
    assert not is_refused(written)


def is_refused(written: dict[str, Any]) -> bool:
    table.put_many([ROW])
    try:
        table._call("UpdateItem", **request(written))
    except AwsRefused as refused:
        return refused.code == "ValidationException"
    return False


def request(written: dict[str, Any]) -> dict[str, Any]:
    declared = {
        "ExpressionAttributeNames": written["names"],
        "ExpressionAttributeValues": attributes.dump(written["values"]),
        "ConditionExpression": written.get("condition"),
    }
    return {
        "TableName": config.table_name(),
        "Key": attributes.dump({"PK": "A", "SK": "ROW#1"}),
        "UpdateExpression": written["update"],
        **{name: value for name, value in declared.items() if value is not None},
    }
