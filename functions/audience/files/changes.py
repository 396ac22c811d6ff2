"""What a record of the table's stream says of a lead, or of a message to one, and the row that it becomes.

An order changes its lead in the same transaction, so the lead's record is enough: its orders are read from the table.
They are those of that version or of a later one, whose own record follows and then counts.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from functions.audience.files import rows
from functions.audience.files.rows import Row
from functions.audience.leads import leads
from functions.audience.segments import bought
from shared import ids
from shared.clock import SECOND, Instant
from shared.storage import attributes
from shared.storage.attributes import Item

Record = Mapping[str, Any]

LEAD: Final = "Lead"
MESSAGE: Final = "Recipient"
_REMOVED: Final = "REMOVE"


class Change(NamedTuple):
    """A change of a lead or of a message to one: its item as it is now, or as it was before it was removed."""

    tenant_id: str
    item: Item
    is_gone: bool
    made_at: Instant


def read(record: Record) -> Change:
    """Return the change that a record tells of. Raises KeyError, TypeError or ValueError if it tells of none."""
    is_gone = record["eventName"] == _REMOVED
    image = attributes.load(record["dynamodb"]["OldImage" if is_gone else "NewImage"])
    if image["entity"] not in {LEAD, MESSAGE}:
        raise ValueError("neither a lead nor a message to one")
    return Change(tenant_of(record), image, is_gone, made_at(record))


def tenant_of(record: Record) -> str:
    """Return whose record it is. Raises KeyError, TypeError or ValueError if that cannot be read."""
    images = record["dynamodb"]
    tenant_id = (images["NewImage"] if "NewImage" in images else images["OldImage"])["tenant_id"]["S"]
    if not ids.is_valid(tenant_id, "tenant"):
        raise ValueError("no id of a tenant")
    return str(tenant_id)


def made_at(record: Record) -> Instant:
    """Return when a change was made; DynamoDB says it by the second."""
    return int(record["dynamodb"]["ApproximateCreationDateTime"] * SECOND)


def row(change: Change) -> Row | None:
    """Return the row of a change, None for a message of which nothing has become yet.

    Raises KeyError, TypeError or ValueError for an item that cannot be read, Unavailable.
    """
    item, at = change.item, change.made_at
    if item["entity"] == MESSAGE:
        return rows.of_message(item, changed_at=at, is_gone=change.is_gone)
    if change.is_gone:
        return rows.gone(item["lead_id"], item["version"] + 1, changed_at=at)
    lead = leads.from_item(item)
    has_orders = lead.merged_into is None and (lead.orders or lead.absorbing)
    return rows.of_lead(item, bought.of(lead) if has_orders else (), changed_at=at)
