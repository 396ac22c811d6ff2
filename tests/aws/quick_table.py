"""A DynamoDB in this process, for thousands of histories: what tracked milestones ask of one, and no more.

It stands where the client would send a request. moto, which serializes, parses and copies, takes fifty times as long;
`shadowing` holds every answer of this table against moto's.
"""

import json
from collections.abc import Callable
from typing import Any

from shared.aws.client import AwsRefused
from tests.aws import hooks

Raw = dict[str, Any]

_CONDITIONS: dict[str, Callable[[Raw | None, Raw], bool]] = {
    "attribute_not_exists(#pk)": lambda item, _: item is None,
    "attribute_exists(#pk)": lambda item, _: item is not None,
    "#version = :version": lambda item, values: item is not None and item["version"] == values[":version"],
    "attribute_not_exists(#pk) OR #ttl <= :now": lambda item, values: (
        item is None or ("ttl" in item and int(item["ttl"]["N"]) <= int(values[":now"]["N"]))
    ),
}


class QuickTable:
    """The items by their keys, as DynamoDB writes them."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Raw] = {}
        self._waiting: list[tuple[int, Raw]] = []

    def stand_in(self) -> None:
        """Answer whatever is asked of the table from now on."""
        hooks.register_last("before-call.dynamodb", self._answer_call)

    def shadow(self) -> None:
        """Hold every answer of the table from now on against what this table would answer."""
        hooks.register_last("before-call.dynamodb", self._note_call)
        hooks.register_first("after-call.dynamodb", self._compare)

    def answer(self, operation: str, request: Raw) -> tuple[int, Raw]:
        """Return status and answer."""
        answered: tuple[int, Raw] = getattr(self, f"_{operation}")(request)
        return answered

    def _answer_call(self, model: Any, params: Raw, **_: Any) -> Raw:
        status, answered = self.answer(model.name, json.loads(params["body"]))
        if status != 200:
            raise AwsRefused(model.name, status, answered["Error"]["Code"], answered)
        return answered

    def _note_call(self, model: Any, params: Raw, **_: Any) -> None:
        self._waiting.append(self.answer(model.name, json.loads(params["body"])))

    def _compare(self, parsed: Raw, **_: Any) -> None:
        status, expected = self._waiting.pop()
        assert (status == 400) == ("Error" in parsed)
        for name in ("Item", "Items", "LastEvaluatedKey"):
            assert parsed.get(name) == expected.get(name), name
        assert _codes(parsed) == _codes(expected)
        assert _by_key(parsed.get("Responses", {})) == _by_key(expected.get("Responses", {}))

    def _GetItem(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802 - the name of the operation
        item = self.items.get(_key(request["Key"]))
        return 200, {} if item is None else {"Item": item}

    def _BatchGetItem(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802
        ((name, asked),) = request["RequestItems"].items()
        found = [self.items[_key(key)] for key in asked["Keys"] if _key(key) in self.items]
        return 200, {"Responses": {name: found}, "UnprocessedKeys": {}}

    def _Query(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802
        partition, place = ("GSI1PK", "GSI1SK") if "IndexName" in request else ("PK", "SK")
        values = request["ExpressionAttributeValues"]
        found = [
            item
            for item in self.items.values()
            if item.get(partition) == values[":pk"] and item[place]["S"].startswith(values[":sk"]["S"])
        ]
        found.sort(key=lambda item: item[place]["S"], reverse=not request["ScanIndexForward"])
        return 200, {"Items": found[: request["Limit"]]}

    def _TransactWriteItems(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802
        actions = [next(iter(action.items())) for action in request["TransactItems"]]
        codes = ["None" if self._holds(action) else "ConditionalCheckFailed" for _, action in actions]
        if set(codes) != {"None"}:
            reasons = [{"Code": code} for code in codes]
            return 400, {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
        for kind, action in actions:
            if kind == "Put":
                self.items[_key(action["Item"])] = action["Item"]
            elif kind == "Delete":
                self.items.pop(_key(action["Key"]), None)
        return 200, {}

    def _holds(self, action: Raw) -> bool:
        if "ConditionExpression" not in action:
            return True
        item = self.items.get(_key(action.get("Key") or action["Item"]))
        return _CONDITIONS[action["ConditionExpression"]](item, action.get("ExpressionAttributeValues", {}))


def _key(key: Raw) -> tuple[str, str]:
    return key["PK"]["S"], key["SK"]["S"]


def _codes(parsed: Raw) -> list[str | None]:
    return [reason.get("Code") for reason in parsed.get("CancellationReasons", [])]


def _by_key(responses: Raw) -> list[Any]:
    return sorted((item for items in responses.values() for item in items), key=_key)
