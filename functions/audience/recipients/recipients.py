"""The row of a recipient: its keys, and how it is read.

The rows of a campaign are spread over 32 partitions. Those that somebody may want to look at are in the index as well.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from functions.audience.recipients.state import LISTED, Recipient, Status
from shared import ids
from shared.clock import Instant
from shared.storage import cursors, events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

SHARDS: Final = 32
PREFIX: Final = "RECIPIENT#"
LISTED_PREFIX: Final = "ENTITY#Recipient#"
_ENTITY: Final = "Recipient"


def shard_of(lead_id: str) -> int:
    """Return in which of the 32 partitions of a campaign a lead's row is."""
    return zlib.crc32(lead_id.encode()) % SHARDS


def partition(tenant_id: str, campaign_id: str, shard: int) -> str:
    """Return a partition of the rows of a campaign."""
    return f"TENANT#{tenant_id}#CAMPAIGN#{campaign_id}#{shard:02}"


def index_partition(tenant_id: str, campaign_id: str, status: Status, shard: int) -> str:
    """Return the partition of the index of the rows in one of the states that are listed."""
    return f"TENANT#{tenant_id}#CAMPAIGN#{campaign_id}#{status}#{shard:02}"


def key(tenant_id: str, campaign_id: str, lead_id: str) -> Key:
    """Return the key of a row. Raises ValueError for an id that no lead, or no campaign, can have."""
    if not ids.is_valid(lead_id, "lead") or not ids.is_valid(campaign_id, "campaign"):
        raise ValueError("no id of a lead, or none of a campaign")
    return Key(partition(tenant_id, campaign_id, shard_of(lead_id)), f"{PREFIX}{lead_id}")


def get(tenant_id: str, campaign_id: str, lead_id: str) -> Recipient | None:
    """Return a recipient as it is now, None before there is anything to say of it."""
    item = table.get(key(tenant_id, campaign_id, lead_id), consistent=True)
    return None if item is None else from_item(item)


def several(tenant_id: str, campaign_id: str, lead_ids: Sequence[str]) -> dict[str, Recipient]:
    """Return those that there are as they are now, by the ids of their leads; one call for each hundred."""
    keys = [key(tenant_id, campaign_id, each) for each in lead_ids]
    found = [from_item(item) for item in table.get_many(keys, consistent=True) if item is not None] if keys else []
    return {each.lead_id: each for each in found}


def every(tenant_id: str, campaign_id: str, shard: int) -> Iterator[Recipient]:
    """Yield all rows of one partition of a campaign."""
    for item in table.query_all(partition(tenant_id, campaign_id, shard), PREFIX):
        yield from_item(item)


def listed(
    tenant_id: str, campaign_id: str, status: Status, *, limit: int, cursor: str | None
) -> tuple[list[Recipient], str | None]:
    """Return a page of those in one of the listed states, partition by partition, and the cursor of the next.

    Raises Malformed for a foreign cursor.
    """
    list_id = f"recipients {campaign_id} {status}"
    first, after = (0, "") if cursor is None else _place(cursors.place_in(cursor, list_id))
    found: list[Recipient] = []
    for shard in range(first, SHARDS):
        place = index_partition(tenant_id, campaign_id, status, shard)
        for item in _following(place, after if shard == first else "", limit + 1):
            if len(found) == limit:
                last = found[-1]
                bound = f"{shard_of(last.lead_id)} {LISTED_PREFIX}{last.updated_at}#{last.lead_id}"
                return found, cursors.bind(bound, list_id)
            found.append(from_item(item))
    return found, None


def _place(bound: str) -> tuple[int, str]:
    shard, _, after = bound.partition(" ")
    return int(shard), after


def _following(place: str, after: str, at_once: int) -> Iterator[Item]:
    """Yield the rows of a partition of the index that come after a place, the oldest first."""
    start: str | None = after or LISTED_PREFIX
    seen = after
    while start is not None:
        items, last = table.between(place, start, f"{LISTED_PREFIX}~", limit=at_once, index=True)
        yield from (item for item in items if item["GSI1SK"] != seen)
        start, seen = last, last or ""


def to_item(recipient: Recipient) -> Item:
    """Return the item of a recipient."""
    item = records.to_item(key(recipient.tenant_id, recipient.campaign_id, recipient.lead_id), _ENTITY, recipient)
    if recipient.status not in LISTED:
        return item
    shard = shard_of(recipient.lead_id)
    return item | {
        "GSI1PK": index_partition(recipient.tenant_id, recipient.campaign_id, recipient.status, shard),
        "GSI1SK": f"{LISTED_PREFIX}{recipient.updated_at}#{recipient.lead_id}",
    }


def from_item(item: Item) -> Recipient:
    """Return the recipient of an item."""
    return records.from_item(Recipient, item)


def written(before: Recipient | None, after: Recipient) -> Write:
    """Return the write of a row that is as it was read, or of one that there was not."""
    return Put(to_item(after), ABSENT if before is None else unchanged(before.version))


def removed(recipient: Recipient) -> Write:
    """Return the write that removes a row that is as it was read."""
    return Delete(key(recipient.tenant_id, recipient.campaign_id, recipient.lead_id), unchanged(recipient.version))


def happened(what: str, recipient: Recipient, at: Instant) -> Put:
    """Return the write of the event `audience.recipient.<what>`, which says of whom it is by ids alone."""
    return events.occurred(
        f"audience.recipient.{what}",
        partition=partition(recipient.tenant_id, recipient.campaign_id, shard_of(recipient.lead_id)),
        subject_id=recipient.send_id,
        tenant_id=recipient.tenant_id,
        at=at,
        data={
            "campaign_id": recipient.campaign_id,
            "lead_id": recipient.lead_id,
            "channel": recipient.channel,
            "reason": recipient.reason,
        },
    )
