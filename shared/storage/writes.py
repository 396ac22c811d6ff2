"""What a transaction may hold: puts, deletes, checks and additions, their conditions, and DynamoDB's limits on them."""

import marshal
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
    """A condition expression with its names and values; the constructors below name the ones in use."""

    expression: str
    names: dict[str, str]
    values: Item


ABSENT = Condition("attribute_not_exists(#pk)", {"#pk": "PK"}, {})
PRESENT = Condition("attribute_exists(#pk)", {"#pk": "PK"}, {})


def unchanged(version: int) -> Condition:
    """Return the condition that the item still is at this version."""
    return Condition("#version = :version", {"#version": "version"}, {":version": version})


def absent_or_expired(now_seconds: int) -> Condition:
    """Return the condition that there is no item, or one whose time to live has passed (DynamoDB removes late)."""
    return Condition("attribute_not_exists(#pk) OR #ttl <= :now", {"#pk": "PK", "#ttl": "ttl"}, {":now": now_seconds})


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


Write = Put | Delete | Check | Add


def to_action(write: Write) -> dict[str, Any]:
    """Return the TransactWriteItem of a write."""
    table = config.table_name()
    match write:
        case Put(item, condition):
            return {"Put": {"TableName": table, "Item": attributes.dump(item), **_conditional(condition)}}
        case Delete(key, condition):
            return {"Delete": {"TableName": table, "Key": attributes.dump_key(key), **_conditional(condition)}}
        case Check(key, condition):
            return {"ConditionCheck": {"TableName": table, "Key": attributes.dump_key(key), **_conditional(condition)}}
        case Add(key, amounts):
            return {"Update": {"TableName": table, "Key": attributes.dump_key(key), **_addition(amounts)}}


def _conditional(condition: Condition | None) -> dict[str, Any]:
    if condition is None:
        return {}
    request: dict[str, Any] = {
        "ConditionExpression": condition.expression,
        "ExpressionAttributeNames": condition.names,
    }
    if condition.values:
        request["ExpressionAttributeValues"] = attributes.dump(condition.values)
    return request


def _addition(amounts: dict[str, int]) -> dict[str, Any]:
    return {
        "UpdateExpression": "ADD " + ", ".join(f"#{name} :{name}" for name in amounts),
        "ExpressionAttributeNames": {f"#{name}": name for name in amounts},
        "ExpressionAttributeValues": attributes.dump({f":{name}": amount for name, amount in amounts.items()}),
    }


def guard_limits(actions: list[dict[str, Any]]) -> None:
    """Raise TooLarge before DynamoDB would refuse the actions of a transaction."""
    if len(actions) > MAX_TRANSACTION_ACTIONS:
        raise TooLarge(f"One change may touch {MAX_TRANSACTION_ACTIONS} items, this one touches {len(actions)}.")
    sizes = [guard_item(action["Put"]["Item"]) for action in actions if "Put" in action]
    if sum(sizes) > MAX_TRANSACTION_BYTES:
        raise TooLarge("One change may store 4 MB, this one is larger. Send less at once.")


def guard_item(item: dict[str, Any]) -> int:
    """Return the size of an item as it is sent, in bytes. Raises TooLarge before DynamoDB would.

    Measured is Python's own serialization, version 0: every text in UTF-8 and every element with a few bytes besides,
    so never less than what DynamoDB counts. It takes a fifth of the time of JSON, and each write pays for it.
    """
    size = len(marshal.dumps(item, 0))
    if size > MAX_ITEM_BYTES:
        raise TooLarge("One item may have 400 KB, this one is larger. Send less at once.")
    return size
