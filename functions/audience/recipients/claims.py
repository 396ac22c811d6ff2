"""The claim of a recipient: the one write by which a worker has it, and nobody else, until its lease ends.

It carries a token. A worker whose claim was written and not answered knows its own row by it when it claims again.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.audience.recipients import recipients
from functions.audience.recipients.state import Recipient
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.table import ConditionFailed, Contended, UpdateRefused
from shared.storage.writes import Condition, Put, Write

_KEYS: Final = ("PK", "SK")
_INDEX: Final = ("GSI1PK", "GSI1SK")


def claim(before: Recipient | None, after: Recipient, *, also: Sequence[Write] = ()) -> bool:
    """Claim a recipient as it was read, or one that has no row, and return whether this worker has it.

    `after` has the worker's token. One write unit; with what is written `also`, a transaction, all of it or nothing.
    Raises Unavailable, after which it may be claimed.
    """
    item = recipients.to_item(after)
    if also:
        return _together(Put(item, _condition(before, after)), also)
    try:
        table.update(Key(item["PK"], item["SK"]), condition=_condition(before, after), **_whole(item))
    except UpdateRefused:
        return False
    return True


def _together(row: Put, also: Sequence[Write]) -> bool:
    try:
        table.transact([row, *also])
    except (ConditionFailed, Contended):
        return False
    return True


def _condition(before: Recipient | None, after: Recipient) -> Condition:
    mine = {":mine": after.claim_token}
    if before is None:
        names = {"#pk": "PK", "#token": "claim_token"}
        return Condition("attribute_not_exists(#pk) OR #token = :mine", names, mine)
    names = {"#version": "version", "#token": "claim_token"}
    return Condition("#version = :read OR #token = :mine", names, {**mine, ":read": before.version})


def _whole(item: Item) -> Mapping[str, Any]:
    """Return the update that makes a row what the item says, whatever it had."""
    told = {name: value for name, value in item.items() if name not in _KEYS}
    gone = [name for name in (*Recipient._fields, *_INDEX) if name not in told]
    # The names of a condition are its own.
    names = {f"#{name}": name for name in told} | {f"#{name}": name for name in gone}
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in told)
    if gone:
        expression += " REMOVE " + ", ".join(f"#{name}" for name in gone)
    values = {f":{name}": value for name, value in told.items()}
    return {"expression": expression, "names": names, "values": values}
