"""A DynamoDB in this process, for thousands of cases: what `shared/storage/table` asks of one, and no more.

It stands where the client would send a request. moto, which serializes, parses and copies, takes ten to fifty times as
long; a shadow holds every answer of this table against moto's.
"""

import json
import os
import threading
from collections.abc import Iterator
from itertools import dropwhile, islice, takewhile
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest
from moto.backends import get_backend
from moto.dynamodb.models.utilities import dynamo_json_dump

from shared import config
from shared.aws.client import AwsRefused
from shared.aws.wire import Answer
from shared.storage import attributes
from shared.storage.attributes import Item, Key
from tests.aws import hooks
from tests.aws.quick import bounds, grammar
from tests.aws.quick.expressions import ExpressionRefused, holds, updated
from tests.aws.quick.items import Items, Place, Sorted

Raw = dict[str, Any]
_CALLS = "before-call.dynamodb"
_INDEX_KEYS = ("GSI1PK", "GSI1SK")


class QuickTable:
    """The items by their keys, as DynamoDB writes them."""

    def __init__(self) -> None:
        self.items = Items()
        self._waiting: list[tuple[int, Raw]] = []
        self._one_at_a_time = threading.Lock()

    def stand_in(self) -> None:
        """Answer whatever is asked of the table from now on, in the place of who answered before."""
        before = standing_in()
        if before is not None:
            hooks.unregister(_CALLS, before._answer_call)
        hooks.register_last(_CALLS, self._answer_call)
        hooks.replace_moto("dynamodb", self._answer_request)

    def take_over(self) -> None:
        """Have all items that moto has, and answer whatever is asked of the table from now on."""
        moto = get_backend("dynamodb")["123456789012"][os.environ["AWS_DEFAULT_REGION"]].tables[config.table_name()]
        for record in moto.all_items():
            item = json.loads(dynamo_json_dump(record.to_json()))["Attributes"]
            self.items[_key(item)] = item
        self.stand_in()

    def shadow(self) -> None:
        """Hold every answer of the table from now on against what this table would answer."""
        hooks.register_last("before-call.dynamodb", self._note_call)
        hooks.register_first("after-call.dynamodb", self._compare)

    def answer(self, operation: str, request: Raw) -> tuple[int, Raw]:
        """Return status and answer."""
        if any(map(bounds.is_refused, _named(operation, request))) or grammar.is_refused(operation, request):
            return _refused("ValidationException")
        with self._one_at_a_time:
            answered: tuple[int, Raw] = getattr(self, f"_{operation}")(request)
        return answered

    def _answer_request(self, request: AWSPreparedRequest) -> Answer:
        """Answer as at the end of the wire, for whoever looks at that."""
        status, answered = self.answer(request.headers["x-amz-target"].partition(".")[2], json.loads(request.body))
        if status != 200:
            answered = {**answered, "__type": f"com.amazonaws.dynamodb.v20120810#{answered['Error']['Code']}"}
            del answered["Error"]
        return Answer(status, {}, json.dumps(answered).encode())

    def _answer_call(self, model: Any, params: Raw, **_: Any) -> Raw | None:
        if hooks.sees_the_wire("dynamodb"):
            return None
        status, answered = self.answer(model.name, json.loads(params["body"]))
        if status != 200:
            raise AwsRefused(model.name, status, answered["Error"]["Code"], answered)
        return answered

    def _note_call(self, model: Any, params: Raw, **_: Any) -> None:
        self._waiting.append(self.answer(model.name, json.loads(params["body"])))

    def _compare(self, parsed: Raw, **_: Any) -> None:
        status, expected = self._waiting.pop()
        assert (status == 400) == ("Error" in parsed), (parsed, expected)
        assert parsed.get("Error", {}).get("Code") == expected.get("Error", {}).get("Code")
        for name in ("Item", "Items", "Attributes"):
            assert parsed.get(name) == expected.get(name), name
        assert parsed.get("LastEvaluatedKey") in (None, expected.get("LastEvaluatedKey"))
        assert _reasons(parsed) == _reasons(expected)
        assert _by_key(parsed.get("Responses", {})) == _by_key(expected.get("Responses", {}))

    def _DescribeTable(self, _: Raw) -> tuple[int, Raw]:  # noqa: N802
        return 200, {"Table": {"TableStatus": "ACTIVE"}}

    def _GetItem(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802 - the name of the operation
        item = self.items.get(_key(request["Key"]))
        return 200, {} if item is None else {"Item": item}

    def _BatchGetItem(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802
        ((name, asked),) = request["RequestItems"].items()
        found = [self.items[_key(key)] for key in asked["Keys"] if _key(key) in self.items]
        return 200, {"Responses": {name: found}, "UnprocessedKeys": {}}

    def _BatchWriteItem(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802
        ((_, asked),) = request["RequestItems"].items()
        for each in asked:
            ((kind, action),) = each.items()
            self._write(kind.removesuffix("Request"), action)
        return 200, {"UnprocessedItems": {}}

    def _Query(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802
        seen = [self.items[place] for place in islice(self._following(request), request["Limit"])]
        found = [item for item in seen if holds(request.get("FilterExpression"), item, request)]
        answered: Raw = {"Items": [_projected(item, request) for item in found]}
        # As DynamoDB says it, whether or not anything follows; moto knows that nothing does.
        if len(seen) == request["Limit"]:
            names = ("PK", "SK", *(_INDEX_KEYS if "IndexName" in request else ()))
            answered["LastEvaluatedKey"] = {name: seen[-1][name] for name in names}
        return 200, answered

    def _following(self, request: Raw) -> Iterator[Place]:
        """Yield the places of a query in its order, from where it goes on."""
        values, newest_first = request["ExpressionAttributeValues"], not request["ScanIndexForward"]
        is_index = "IndexName" in request
        low, high = values[":sk"]["S"], values.get(":to", {}).get("S")
        after = _sorted_key(request["ExclusiveStartKey"], is_index=is_index) if "ExclusiveStartKey" in request else None
        start = low if after is None or newest_first else after[0]
        found = self.items.of(values[":pk"]["S"], low=start, is_index=is_index, newest_first=newest_first)

        def is_asked_for(each: Sorted) -> bool:
            return low <= each[0] <= high if high is not None else each[0].startswith(low)

        for each in takewhile(is_asked_for, dropwhile(lambda each: not is_asked_for(each), found)):
            if after is None or (each < after if newest_first else each > after):
                yield each[1:]

    def _UpdateItem(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802
        before = self.items.get(_key(request["Key"]))
        if not holds(request.get("ConditionExpression"), before, request):
            return _refused("ConditionalCheckFailedException", **({"Item": before} if before else {}))
        try:
            after = self._changed(request)
        except ExpressionRefused:
            return _refused("ValidationException")
        if bounds.is_refused(after):
            return _refused("ValidationException")
        self.items[_key(request["Key"])] = after
        return 200, {"Attributes": after}

    def _TransactWriteItems(self, request: Raw) -> tuple[int, Raw]:  # noqa: N802
        actions = [next(iter(action.items())) for action in request["TransactItems"]]
        if len({_place(action) for _, action in actions}) < len(actions):
            return _refused("ValidationException")
        reasons = [self._reason(action) for _, action in actions]
        if any(each["Code"] != "None" for each in reasons):
            return _refused("TransactionCanceledException", CancellationReasons=reasons)
        for kind, action in actions:
            self._write(kind, action)
        return 200, {}

    def _reason(self, action: Raw) -> Raw:
        item = self.items.get(_place(action))
        if not holds(action.get("ConditionExpression"), item, action):
            tells = item is not None and action.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            return {"Code": "ConditionalCheckFailed", **({"Item": item} if tells else {})}
        try:
            self._changed(action) if "UpdateExpression" in action else None
        except ExpressionRefused:
            return {"Code": "ValidationError"}
        return {"Code": "None"}

    def _write(self, kind: str, action: Raw) -> None:
        if kind == "Put":
            self.items[_key(action["Item"])] = action["Item"]
        elif kind == "Delete":
            self.items.pop(_key(action["Key"]), None)
        elif kind == "Update":
            self.items[_key(action["Key"])] = self._changed(action)

    def _changed(self, action: Raw) -> Raw:
        return updated(self.items.get(_key(action["Key"]), action["Key"]), action)


def standing_in() -> QuickTable | None:
    """Return the table that answers in place of moto, None when moto does."""
    asked = [getattr(hook, "__self__", None) for hook in hooks.of(_CALLS)]
    return next((each for each in asked if isinstance(each, QuickTable)), None)


def everything() -> list[Item]:
    """Return all items that there are, of this table or of moto's."""
    quick = standing_in()
    if quick is not None:
        return [attributes.load(item) for item in quick.items.values()]
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=config.table_name())
    return [attributes.load(item) for page in pages for item in page["Items"]]


def put(item: Item) -> None:
    """Have an item there, without a call that anything hears of."""
    raw = attributes.dump(item)
    _answering().items[_key(raw)] = raw


def remove(key: Key) -> None:
    """Have an item gone, without a call that anything hears of."""
    _answering().items.pop((key.pk, key.sk), None)


def clear() -> None:
    """Have no item at all."""
    _answering().items.clear()


def _answering() -> QuickTable:
    quick = standing_in()
    assert quick is not None
    return quick


def _named(operation: str, request: Raw) -> Iterator[Raw]:
    """Yield the keys and the items that a request names; what a query asks for may be no empty text either."""
    match operation:
        case "GetItem" | "UpdateItem":
            yield request["Key"]
        case "Query":
            values = request["ExpressionAttributeValues"]
            yield from ({"PK": values[":pk"], "SK": values[name]} for name in (":sk", ":to") if name in values)
        case "BatchGetItem":
            yield from (key for asked in request["RequestItems"].values() for key in asked["Keys"])
        case "BatchWriteItem":
            actions = (
                action for asked in request["RequestItems"].values() for each in asked for action in each.values()
            )
            yield from (action.get("Key") or action["Item"] for action in actions)
        case "TransactWriteItems":
            actions = (action for each in request["TransactItems"] for action in each.values())
            yield from (action.get("Key") or action["Item"] for action in actions)


def _refused(code: str, **more: Any) -> tuple[int, Raw]:
    return 400, {"Error": {"Code": code}, **more}


def _key(key: Raw) -> Place:
    return key["PK"]["S"], key["SK"]["S"]


def _place(action: Raw) -> Place:
    return _key(action.get("Key") or action["Item"])


def _sorted_key(key: Raw, *, is_index: bool) -> Sorted:
    return key["GSI1SK" if is_index else "SK"]["S"], key["PK"]["S"], key["SK"]["S"]


def _projected(item: Raw, request: Raw) -> Raw:
    if "ProjectionExpression" not in request:
        return item
    names = request["ExpressionAttributeNames"]
    wanted = {names[each.strip()] for each in request["ProjectionExpression"].split(",")}
    return {name: value for name, value in item.items() if name in wanted}


def _reasons(parsed: Raw) -> list[tuple[str | None, Raw | None]]:
    return [(reason.get("Code"), reason.get("Item")) for reason in parsed.get("CancellationReasons", [])]


def _by_key(responses: Raw) -> list[Any]:
    return sorted((item for items in responses.values() for item in items), key=_key)
