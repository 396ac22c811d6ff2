"""What a provider has said besides a status: kept for 30 days, for whoever wants to know what became of a message."""

from collections.abc import Sequence
from typing import Any, Final

from functions.audience.receipts.receipts import Receipt
from functions.audience.recipients import recipients
from shared import clock
from shared.storage import table
from shared.storage.attributes import Item, Key

KEPT: Final = 30 * clock.DAY
PREFIX: Final = "RECEIPT#"
_ENTITY: Final = "Receipt"


def keep(tenant_id: str, campaign_id: str, told: Sequence[Receipt]) -> None:
    """Keep what was said with receipts, the last of each lead and status; nothing where nothing was."""
    ends_at = (clock.now() + KEPT) // clock.SECOND
    items = [_item(tenant_id, campaign_id, each, ends_at) for each in told if each.raw is not None]
    # A call takes an item once.
    last = {(item["PK"], item["SK"]): item for item in items}
    table.put_many([*last.values()])


def of(tenant_id: str, campaign_id: str, lead_id: str) -> list[dict[str, Any]]:
    """Return what was said of the message to a lead, by status."""
    key = recipients.key(tenant_id, campaign_id, lead_id)
    found = table.query_all(key.pk, f"{PREFIX}{lead_id}#")
    return [{name: item[name] for name in ("status", "at", "reason", "raw_payload")} for item in found]


def keys(tenant_id: str, campaign_id: str, lead_id: str) -> list[Key]:
    """Return the keys of what was said of the message to a lead."""
    place = recipients.key(tenant_id, campaign_id, lead_id).pk
    return [Key(item["PK"], item["SK"]) for item in table.query_all(place, f"{PREFIX}{lead_id}#")]


def _item(tenant_id: str, campaign_id: str, receipt: Receipt, ends_at: int) -> Item:
    key = recipients.key(tenant_id, campaign_id, receipt.lead_id or "")
    return {
        "PK": key.pk,
        "SK": f"{PREFIX}{receipt.lead_id}#{receipt.status}",
        "entity": _ENTITY,
        "ttl": ends_at,
        "status": receipt.status,
        "at": receipt.at,
        "reason": receipt.reason,
        "raw_payload": receipt.raw,
    }
