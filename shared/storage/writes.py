"""What a transaction may hold: puts, deletes, checks and additions, their conditions, and DynamoDB's limits on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared import config
from shared.errors import TooLarge
from shared.storage import attributes
from shared.storage.attributes import Item, Key

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html; the emulators do not enforce all.
MAX_TRANSACTION_ACTIONS = 100
MAX_TRANSACTION_BYTES = 4 * 1024 * 1024
MAX_ITEM_BYTES = 400 * 1024


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition expression with its names and values; the constructors below name the ones in use.

    `is_telling`: a transaction that it refuses says what item it did not hold for.
    """

    expression: str
    names: dict[str, str]
    values: Item
    is_telling: bool = False


ABSENT = Condition("attribute_not_exists(#pk)", {"#pk": "PK"}, {})
ABSENT_OR_TOLD = Condition("attribute_not_exists(#pk)", {"#pk": "PK"}, {}, is_telling=True)
"""There is no item; when there is one, the refused transaction says which."""
PRESENT = Condition("attribute_exists(#pk)", {"#pk": "PK"}, {})
ENABLED = Condition(
    "attribute_exists(#pk) AND (attribute_not_exists(#off) OR #off = :no)",
    {"#pk": "PK", "#off": "disabled"},
    {":no": False},
)


def unchanged(version: int) -> Condition:
    """Return the condition that the item still is at this version."""
    return Condition("#version = :version", {"#version": "version"}, {":version": version})


def absent_or_expired(now_seconds: int) -> Condition:
    """Return the condition that there is no item, or one whose time to live has passed (DynamoDB removes late)."""
    return Condition("attribute_not_exists(#pk) OR #ttl <= :now", {"#pk": "PK", "#ttl": "ttl"}, {":now": now_seconds})


def absent_or_of(name: str, text: str) -> Condition:
    """Return the condition that there is no item, or one that has this text."""
    return Condition("attribute_not_exists(#pk) OR #of = :text", {"#pk": "PK", "#of": name}, {":text": text})


def absent_or_before(name: str, text: str) -> Condition:
    """Return the condition that there is no item, or one whose text of this name sorts before the given one."""
    return Condition("attribute_not_exists(#pk) OR #before < :text", {"#pk": "PK", "#before": name}, {":text": text})


@dataclass(frozen=True, slots=True)
class Put:
    """Write the whole item."""

    item: Item
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove the item."""

    key: Key
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Change nothing, but let the transaction fail unless the condition holds."""

    key: Key
    condition: Condition


@dataclass(frozen=True, slots=True)
class Add:
    """Add numbers to counters of the item; it and they spring from zero."""

    key: Key
    amounts: dict[str, int]
    condition: Condition | None = None


Write = Put | Delete | Check | Add


def to_actions(writes: Sequence[Write]) -> list[dict[str, Any]]:
    """Return the TransactWriteItems of the writes. Raises TooLarge for more than DynamoDB takes in a transaction."""
    if len(writes) > MAX_TRANSACTION_ACTIONS:
        raise TooLarge(f"One change may touch {MAX_TRANSACTION_ACTIONS} items, this one touches {len(writes)}.")
    measured = [_to_action(write) for write in writes]
    if sum([size for _, size in measured]) > MAX_TRANSACTION_BYTES:
        raise TooLarge("One change may store 4 MB, this one is larger. Send less at once.")
    return [action for action, _ in measured]


def fitting(item: Item) -> tuple[dict[str, Any], int]:
    """Return the item as DynamoDB wants it, and its size in bytes. Raises TooLarge for one that it would refuse."""
    dumped, size = attributes.measured(item)
    if size > MAX_ITEM_BYTES:
        raise TooLarge("One item may have 400 KB, this one is larger. Send less at once.")
    return dumped, size


def _to_action(write: Write) -> tuple[dict[str, Any], int]:
    """Return the TransactWriteItem of a write, and the bytes that it stores."""
    table = config.table_name()
    match write:
        case Put(item, condition):
            dumped, size = fitting(item)
            return {"Put": {"TableName": table, "Item": dumped, **_conditional(condition)}}, size
        case Delete(key, condition):
            return {"Delete": {"TableName": table, "Key": attributes.dump_key(key), **_conditional(condition)}}, 0
        case Check(key, condition):
            check = {"TableName": table, "Key": attributes.dump_key(key), **_conditional(condition)}
            return {"ConditionCheck": check}, 0
        case Add(key, amounts, condition):
            place = {"TableName": table, "Key": attributes.dump_key(key)}
            return {"Update": place | _addition(amounts, condition)}, 0


def _conditional(condition: Condition | None) -> dict[str, Any]:
    if condition is None:
        return {}
    request: dict[str, Any] = {
        "ConditionExpression": condition.expression,
        "ExpressionAttributeNames": condition.names,
    }
    if condition.is_telling:
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if condition.values:
        request["ExpressionAttributeValues"] = attributes.dump(condition.values)
    return request


def _addition(amounts: dict[str, int], condition: Condition | None) -> dict[str, Any]:
    names, values = {f"#{name}": name for name in amounts}, {f":{name}": amount for name, amount in amounts.items()}
    request = {"UpdateExpression": "ADD " + ", ".join(f"#{name} :{name}" for name in amounts)}
    if condition is not None:
        names, values = names | condition.names, values | condition.values
        request["ConditionExpression"] = condition.expression
    return request | {"ExpressionAttributeNames": names, "ExpressionAttributeValues": attributes.dump(values)}
