"""The rows of files: a lead at one of its versions, a lead that is gone, what became of a message to a lead. Pure.

Of one lead, the row of the highest version counts. Messages have versions of their own: their rows are of version 0,
which no lead has, and their happenings join the row of the lead, where for each campaign the highest version counts.
So rows that come twice, or in another order, make no difference.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.audience.leads import leads, parts
from functions.audience.segments.rules import columns
from functions.audience.segments.rules.facts import Facts, Order
from shared import clock
from shared.clock import Instant
from shared.storage.attributes import Item

Row = dict[str, Any]

_HAPPENED: Final = ", ".join(f"{each} BIGINT" for each in columns.HAPPENINGS)

TYPES: Final[Mapping[str, str]] = {
    **columns.TYPES,
    "campaigns": f"MAP(VARCHAR, STRUCT({_HAPPENED}, version BIGINT, is_gone BOOLEAN, changed_at BIGINT))",
    "version": "BIGINT",
    "is_gone": "BOOLEAN",
    "changed_at": "BIGINT",
}
"""The columns of all files, and their types."""


def of_lead(item: Item, orders: Sequence[Order], *, changed_at: Instant) -> Row:
    """Return the row of a lead as its item says, with its orders; one that was merged into another is gone."""
    if leads.MERGED in item:
        return gone(item["lead_id"], item["version"], changed_at=changed_at)
    row = columns.row(Facts(parts.Part(item), orders))
    return row | {"version": item["version"], "is_gone": False, "changed_at": changed_at}


def gone(lead_id: str, version: int, *, changed_at: Instant) -> Row:
    """Return the row that says of a lead, from this version on, that it is not there any more."""
    return {"lead_id": lead_id, "version": version, "is_gone": True, "changed_at": changed_at}


def of_message(item: Item, *, changed_at: Instant, is_gone: bool = False) -> Row | None:
    """Return the row of what became of a message to a lead, None while nothing has.

    A message that `is_gone` has no happenings from its next version on.
    """
    happened = {name: clock.from_stored(item[name]) for name in columns.HAPPENINGS if item.get(name)}
    if not happened and not is_gone:
        return None
    told = {} if is_gone else happened
    version = item["version"] + (1 if is_gone else 0)
    message = told | {"version": version, "is_gone": is_gone, "changed_at": changed_at}
    return gone(item["lead_id"], 0, changed_at=changed_at) | {"campaigns": {item["campaign_id"]: message}}
