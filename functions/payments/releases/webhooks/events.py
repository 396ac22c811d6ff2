"""The events that gateways have sent: one item each, so that none counts twice, in the index while it waits.

An event of a payment that nobody knows waits for it, for a week; its item is kept for 90 days.
"""

import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from functions.payments.gateways.told import Told
from shared import clock
from shared.clock import DAY, Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Put, absent_or_expired

SHARDS: Final = 8
KEPT: Final = 90 * DAY
WAITS: Final = 7 * DAY
AT_ONCE: Final = 25
"""How many of a shard a sweep looks at."""
_EARLIEST: Final = clock.to_rfc3339(0)


class Waiting(NamedTuple):
    """An event as it is stored, with what it has told."""

    gateway: str
    received_at: str
    event_id: str
    reference: str
    transfer: str
    amount_minor_units: int
    reversed_minor_units: int
    currency: str

    @property
    def told(self) -> Told:
        """What it has told."""
        return Told(*self[2:])


def key(gateway: str, event_id: str) -> Key:
    """Return the key of an event."""
    return Key(f"GATEWAYEVENT#{gateway}#{event_id}", "SEEN")


def is_seen(gateway: str, event_id: str, now: Instant) -> bool:
    """Return whether an event has come before; one call."""
    item = table.get(key(gateway, event_id), consistent=True)
    return item is not None and item["ttl"] > now // clock.SECOND


def seen(gateway: str, told: Told, now: Instant) -> Put:
    """Return the write that an event counts now; it fails for one that has come before."""
    return Put(_item(_of(gateway, told, now), now), absent_or_expired(now // clock.SECOND))


def kept(gateway: str, told: Told, now: Instant) -> Put:
    """Return the write that an event waits for its payment; it fails for one that has come before."""
    waiting = _of(gateway, told, now)
    shard = zlib.crc32(told.reference.encode()) % SHARDS
    listed = {"GSI1PK": f"GATEWAYWAITING#{shard}", "GSI1SK": f"{waiting.received_at}#{told.event_id}"}
    return Put(_item(waiting, now) | listed, absent_or_expired(now // clock.SECOND))


def ended(waiting: Waiting) -> Put:
    """Return the write that an event does not wait any more."""
    return Put(_item(waiting, clock.from_rfc3339(waiting.received_at)))


def waiting() -> Iterator[Waiting]:
    """Return the events that have waited longest; a query for each shard."""
    for shard in range(SHARDS):
        partition, until = f"GATEWAYWAITING#{shard}", clock.to_rfc3339(clock.now())
        found, _ = table.between(partition, _EARLIEST, f"{until}~", index=True, limit=AT_ONCE)
        yield from (records.from_item(Waiting, item) for item in found)


def _of(gateway: str, told: Told, now: Instant) -> Waiting:
    return Waiting(gateway, clock.to_rfc3339(now), *told)


def _item(waiting: Waiting, now: Instant) -> Item:
    item = records.to_item(key(waiting.gateway, waiting.event_id), "GatewayEvent", waiting)
    return item | {"ttl": (now + KEPT) // clock.SECOND}
