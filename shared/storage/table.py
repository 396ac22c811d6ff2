"""The only code that speaks DynamoDB. One table, one index, one client.

Items are plain dicts of str, int, bool, None, list and dict (never float: floats would decide nothing exactly).
Reads are by key or by query, never a scan. What must hold together is one `transact`.
"""

import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared import config, pauses
from shared.aws.client import DYNAMODB, AwsRefused, Client, Limits, NoAnswer, NoCredentials
from shared.errors import Unavailable
from shared.pauses import Backoff
from shared.storage import attributes, cursors
from shared.storage.attributes import Item, Key
from shared.storage.writes import Condition, Write, fitting, to_actions

MAX_BATCH_WRITES = 25
MAX_BATCH_READS = 100
UNPROCESSED = Backoff(first_seconds=0.05, longest_seconds=1.0, patience_seconds=5.0)
"""How what a batch left unprocessed is sent again: DynamoDB leaves it when it is too busy, and asks for pauses."""
_UNAVAILABLE = "The table did not answer in time. Repeat the request; with the same Idempotency-Key it has one effect."
_CONTENDED_CODES = frozenset({"TransactionConflict", "TransactionConflictException"})


class ConditionFailed(Exception):
    """Conditions of a transaction did not hold; nothing was written. `writes` are the ones refused.

    `found` has an entry for each: the item that is there, where the condition was a telling one, otherwise None.
    """

    def __init__(self, writes: Sequence[Write], found: Sequence[Item | None]) -> None:
        super().__init__(f"{len(writes)} conditions failed")
        self.writes = writes
        self.found = found


class UpdateRefused(Exception):
    """The condition of an update did not hold; nothing was written. `item` is what there is, None for nothing."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("the condition failed")
        self.item = item


class Contended(Exception):
    """Another transaction held one of the items; nothing was written, trying again is right."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a query; `next_cursor` is None when there is no more."""

    items: list[Item]
    next_cursor: str | None


def get(key: Key, *, consistent: bool = False) -> Item | None:
    """Return the item or None; half a read unit per 4 KB, twice that when consistent."""
    answer = _call("GetItem", TableName=config.table_name(), Key=attributes.dump_key(key), ConsistentRead=consistent)
    return attributes.load(answer["Item"]) if "Item" in answer else None


def get_many(keys: Sequence[Key], *, consistent: bool = False) -> list[Item | None]:
    """Return the items of the keys in their order, None for each that is not there; one call for each hundred."""
    name = config.table_name()
    found: dict[Key, Item] = {}

    def read(part: list[Any]) -> list[Any]:
        answer = _call("BatchGetItem", RequestItems={name: {"Keys": part, "ConsistentRead": consistent}})
        for raw in answer["Responses"].get(name, []):
            item = attributes.load(raw)
            found[Key(item["PK"], item["SK"])] = item
        unprocessed: list[Any] = answer.get("UnprocessedKeys", {}).get(name, {}).get("Keys", [])
        return unprocessed

    _in_batches(read, [attributes.dump_key(key) for key in dict.fromkeys(keys)], MAX_BATCH_READS)
    return [found.get(key) for key in keys]


def query(
    partition: str,
    prefix: str,
    *,
    limit: int,
    cursor: str | None = None,
    index: bool = False,
    newest_first: bool = False,
    consistent: bool = False,
) -> Page:
    """Return one page of the items of a partition whose sort key begins with the prefix; one call.

    `index` reads GSI1 instead of the table. One item more than asked for is read, so that a last page says so.
    Raises Malformed for a cursor that this list did not hand out.
    """
    more: dict[str, Any] = {"Limit": limit + 1, "ConsistentRead": consistent, "names": {}}
    if cursor is not None:
        more["ExclusiveStartKey"] = cursors.start_key(cursor, partition, prefix, index=index)
    values = {":pk": partition, ":sk": prefix}
    answer = _query("begins_with(#sk, :sk)", values, index=index, newest_first=newest_first, **more)
    items = [attributes.load(raw) for raw in answer["Items"]]
    goes_on = len(items) > limit or "LastEvaluatedKey" in answer
    items = items[:limit]
    return Page(items, cursors.after(items[-1], index=index) if goes_on and items else None)


def between(
    partition: str,
    low: str,
    high: str,
    *,
    limit: int,
    index: bool = False,
    newest_first: bool = False,
    consistent: bool = False,
    where: Condition | None = None,
    only: Sequence[str] = (),
) -> tuple[list[Item], str | None]:
    """Return the items of a partition whose sort keys lie from `low` to `high`, and how far that went; one call.

    `limit` items are looked at, and those left out that `where` does not hold for. The second value is the sort key of
    the last one looked at, None when there is nothing after it. With `only`, items have their keys and these
    attributes; what is read is the same, but not what is sent and parsed.
    """
    values = {":pk": partition, ":sk": low, ":to": high} | (where.values if where else {})
    more: dict[str, Any] = {"FilterExpression": where.expression, "names": where.names} if where else {"names": {}}
    more |= {"Limit": limit, "ConsistentRead": consistent}
    if only:
        named = {f"#only{number}": name for number, name in enumerate(dict.fromkeys(("PK", "SK", *only)))}
        more |= {"ProjectionExpression": ", ".join(named), "names": more["names"] | named}
    answer = _query("#sk BETWEEN :sk AND :to", values, index=index, newest_first=newest_first, **more)
    last = answer.get("LastEvaluatedKey")
    return [attributes.load(raw) for raw in answer["Items"]], last["GSI1SK" if index else "SK"]["S"] if last else None


def query_all(partition: str, prefix: str, *, index: bool = False, page: int = 1000) -> Iterator[Item]:
    """Yield every item of the partition under the prefix; for consumers and checks that must see all of them."""
    cursor = None
    while True:
        found = query(partition, prefix, limit=page, cursor=cursor, index=index, consistent=not index)
        yield from found.items
        cursor = found.next_cursor
        if cursor is None:
            return


def transact(writes: Sequence[Write]) -> None:
    """Write all or nothing.

    Raises ConditionFailed (with the writes refused), Contended, or Unavailable, after which it is not known whether
    the transaction took effect.
    """
    actions = to_actions(writes)
    try:
        # The same token in every try of this call: a try whose answer was lost has one effect with those after it.
        _call("TransactWriteItems", TransactItems=actions, ClientRequestToken=os.urandom(16).hex())
    except AwsRefused as error:
        raise _cancellation(error, writes) from error


def update(key: Key, expression: str, *, names: dict[str, str], values: Item, condition: Condition) -> Item:
    """Change an item, or make it, and return it as it then is; one call.

    `names` and `values` are those of the expression. Raises UpdateRefused, which has the item that the condition did
    not hold for; Unavailable, after which it is not known whether the change took effect.
    """
    try:
        answer = _call(
            "UpdateItem",
            TableName=config.table_name(),
            Key=attributes.dump_key(key),
            UpdateExpression=expression,
            ConditionExpression=condition.expression,
            ExpressionAttributeNames=names | condition.names,
            ExpressionAttributeValues=attributes.dump(values | condition.values),
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except AwsRefused as error:
        if error.code != "ConditionalCheckFailedException":
            raise
        refused = error.fields.get("Item")
        raise UpdateRefused(attributes.load(refused) if refused else None) from error
    return attributes.load(answer["Attributes"])


def put_many(items: Sequence[Item]) -> None:
    """Write items without conditions, 25 a call. Raises TooLarge before the first.

    For what no reader can see yet, and for what is as good whoever writes it last.
    """
    dumped = [fitting(item)[0] for item in items]
    _in_batches(_write, [{"PutRequest": {"Item": each}} for each in dumped], MAX_BATCH_WRITES)


def delete_many(keys: Sequence[Key]) -> None:
    """Remove items without conditions, 25 a call; for what no reader can see any more."""
    _in_batches(_write, [{"DeleteRequest": {"Key": attributes.dump_key(key)}} for key in keys], MAX_BATCH_WRITES)


def describe() -> str:
    """Return the table's status (`ACTIVE`, …); for the readiness check."""
    return str(_call("DescribeTable", TableName=config.table_name())["Table"]["TableStatus"])


def _query(
    sort_keys: str, values: Item, *, index: bool, newest_first: bool, names: Mapping[str, str], **more: Any
) -> Any:
    """Query one partition, `:pk`, for the sort keys, `#sk`, for which the condition holds."""
    pk, sk = ("GSI1PK", "GSI1SK") if index else ("PK", "SK")
    return _call(
        "Query",
        TableName=config.table_name(),
        KeyConditionExpression=f"#pk = :pk AND {sort_keys}",
        ExpressionAttributeNames={"#pk": pk, "#sk": sk, **names},
        ExpressionAttributeValues=attributes.dump(values),
        ScanIndexForward=not newest_first,
        **({"IndexName": "GSI1"} if index else {}),
        **more,
    )


def _write(part: list[Any]) -> list[Any]:
    """Write a batch and return what is left of it unprocessed."""
    name = config.table_name()
    answer = _call("BatchWriteItem", RequestItems={name: part})
    unprocessed: list[Any] = answer.get("UnprocessedItems", {}).get(name, [])
    return unprocessed


def _in_batches(send: Callable[[list[Any]], list[Any]], requests: list[Any], size: int) -> None:
    """Send all requests, with pauses while DynamoDB leaves some unprocessed. Raises Unavailable if it goes on so."""
    tries = pauses.tries(UNPROCESSED)
    next(tries)
    while requests:
        unprocessed = send(requests[:size])
        requests = unprocessed + requests[size:]
        if unprocessed and next(tries, None) is None:
            raise Unavailable(_UNAVAILABLE, headers={"Retry-After": "1"})


def _call(operation: str, **request: Any) -> dict[str, Any]:
    """Call DynamoDB and return its answer; only what a caller can wait out becomes a refusal."""
    try:
        return _client().call(operation, request)
    except AwsRefused as error:
        if error.is_passing:
            raise Unavailable(_UNAVAILABLE, headers={"Retry-After": "1"}) from error
        raise
    except (NoAnswer, NoCredentials) as error:
        raise Unavailable(_UNAVAILABLE, headers={"Retry-After": "1"}) from error


@functools.cache
def _client() -> Client:
    return Client(DYNAMODB, limits())


def limits() -> Limits:
    """Return how long a call may take, as the stage says."""
    seconds = config.table_timeout_seconds()
    return Limits(connect_seconds=seconds / 3, answer_seconds=seconds)


def _cancellation(error: AwsRefused, writes: Sequence[Write]) -> Exception:
    """Return what the cancellation of a transaction means: a condition, a conflict, or a table too busy."""
    if error.code in _CONTENDED_CODES:
        return Contended()
    reasons: Any = error.fields.get("CancellationReasons", [])
    codes = [reason.get("Code") for reason in reasons]
    if "ConditionalCheckFailed" in codes:
        refused = [(write, _told(reason)) for write, reason in zip(writes, reasons, strict=True) if _is_refused(reason)]
        return ConditionFailed([write for write, _ in refused], [found for _, found in refused])
    if _CONTENDED_CODES.intersection(codes):
        return Contended()
    if {"ThrottlingError", "ProvisionedThroughputExceeded"}.intersection(codes):
        return Unavailable(_UNAVAILABLE, headers={"Retry-After": "1"})
    return error


def _is_refused(reason: Any) -> bool:
    return bool(reason.get("Code") == "ConditionalCheckFailed")


def _told(reason: Any) -> Item | None:
    return attributes.load(reason["Item"]) if reason.get("Item") else None
