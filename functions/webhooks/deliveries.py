"""A delivery: that an endpoint is told of an event, once per endpoint and event, and what came of every attempt.

Whoever sends it claims it first, by its version, so that two do not send at once; a claim ends by itself. A delivery
that waits stands in the index under the instant at which somebody should look after it, whatever became of the message
that was to bring it (`consumers.py` sweeps).
"""

import json
import zlib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from functions.webhooks import endpoints, published
from functions.webhooks.endpoints import Endpoint, Health
from shared import clock, correlation, ids
from shared.callers.auth import Caller
from shared.clock import DAY, SECOND, Instant
from shared.correlation import Correlation
from shared.errors import NotFound
from shared.storage import cursors, records, table
from shared.storage.attributes import Item, Key
from shared.storage.events import Event
from shared.storage.writes import ABSENT, Put, unchanged

KEPT: Final = 30 * DAY
SHARDS: Final = 8
"""The waiting are spread over this many partitions of the index, each of which takes 1,000 writes a second."""

View = dict[str, Any]

_DUE = "ENTITY#Delivery#"


class DeliveryNotFound(NotFound):
    """404: the endpoint has no delivery of this event, or not any more."""

    def __init__(self) -> None:
        super().__init__("The endpoint has no delivery of this event; after 30 days there is none any more.")


class Delivery(NamedTuple):
    """A delivery as it is stored.

    `attempts` counts all, `tries` those of the schedule that is under way. A waiting one is `due_at` then, and is
    looked after at `look_at`, whatever became of its message. Its `slot` is when the next attempt may begin at an
    endpoint that takes `paced` a minute; None for none. `request_id` and `traceparent` are those of the event.
    """

    tenant_id: str
    endpoint_id: str
    event_id: str
    event_type: str
    occurred_at: str
    payload: str
    status: str
    attempts: int
    tries: int
    last_status: int | None
    last_error: str | None
    is_test: bool
    replay_id: str | None
    claimed_until: Instant | None
    due_at: Instant | None
    finished_at: str | None
    created_at: str
    version: int
    ttl: int
    look_at: Instant | None = None
    request_id: str | None = None
    traceparent: str | None = None
    slot: Instant | None = None
    paced: int | None = None

    @property
    def belongs_to(self) -> Correlation | None:
        """Return the request that brought its event about, None if that is not known."""
        return correlation.read(self._asdict())

    def is_claimed(self, now: Instant) -> bool:
        """Tell whether somebody is sending it."""
        return self.claimed_until is not None and self.claimed_until > now


class Attempt(NamedTuple):
    """What came of an attempt."""

    number: int
    attempted_at: str
    took_ms: int
    status: int | None
    error: str | None
    answer: str | None


class State(NamedTuple):
    """A delivery with its endpoint and the health of that; None for what is not there."""

    endpoint: Endpoint | None
    health: Health | None
    delivery: Delivery | None


def key(tenant_id: str, endpoint_id: str, event_id: str) -> Key:
    """Return the key of a delivery. Raises DeliveryNotFound for an id that no event can have."""
    if not ids.is_valid(event_id, "evt"):
        raise DeliveryNotFound
    return Key(endpoints.partition(tenant_id), f"{prefix(endpoint_id)}{event_id}")


def prefix(endpoint_id: str) -> str:
    """Return what the sort keys of an endpoint's deliveries begin with; after it they sort by the time of the event."""
    return f"DELIVERY#{endpoint_id}#"


def failed_prefix(endpoint_id: str) -> str:
    """Return what the index's sort keys of an endpoint's failed deliveries begin with."""
    return f"ENTITY#FailedDelivery#{endpoint_id}#"


def due_partition(shard: int) -> str:
    """Return the partition of the index that a part of the waiting stands in."""
    return f"WEBHOOKDUE#{shard}"


def new(endpoint: Endpoint, event: Event, *, at: Instant, look_at: Instant, is_test: bool = False) -> Delivery:
    """Return a delivery that is to be sent now; `look_at` is when to see whether it was."""
    return Delivery(
        tenant_id=endpoint.tenant_id,
        endpoint_id=endpoint.endpoint_id,
        event_id=event.event_id,
        event_type=event.event_type,
        occurred_at=event.occurred_at,
        payload=payload(event),
        status="waiting",
        attempts=0,
        tries=0,
        last_status=None,
        last_error=None,
        is_test=is_test,
        replay_id=None,
        claimed_until=None,
        due_at=at,
        finished_at=None,
        created_at=clock.to_rfc3339(at),
        version=1,
        ttl=(at + KEPT) // SECOND,
        look_at=look_at,
        **(event.belongs_to._asdict() if event.belongs_to else {}),
    )


def to_item(delivery: Delivery) -> Item:
    """Return the item of a delivery. In the index are the waiting, by when to look after them, and the failed."""
    place = key(delivery.tenant_id, delivery.endpoint_id, delivery.event_id)
    item = records.to_item(place, "Delivery", delivery._replace(look_at=None))
    if delivery.look_at is not None:
        shard = zlib.crc32(place.sk.encode()) % SHARDS
        item |= {"GSI1PK": due_partition(shard), "GSI1SK": f"{_DUE}{clock.to_rfc3339(delivery.look_at)}"}
    elif delivery.status == "failed":
        item |= {"GSI1PK": place.pk, "GSI1SK": f"{failed_prefix(delivery.endpoint_id)}{delivery.event_id}"}
    return item


def from_item(item: Item) -> Delivery:
    """Return the delivery of an item."""
    delivery = records.from_item(Delivery, item)
    if delivery.status != "waiting":
        return delivery
    return delivery._replace(look_at=clock.from_stored(item["GSI1SK"].removeprefix(_DUE)))


def payload(event: Event) -> str:
    """Return the body of the message, as it is signed and sent: as the specification says, with actor and state."""
    return json.dumps(published.told(event), separators=(",", ":"), ensure_ascii=False)


def waiting(delivery: Delivery, *, due_at: Instant, look_at: Instant) -> Delivery:
    """Return the delivery as it waits for its next attempt."""
    return delivery._replace(status="waiting", due_at=due_at, finished_at=None, claimed_until=None, look_at=look_at)


def ended(delivery: Delivery, status: str, *, at: Instant) -> Delivery:
    """Return the delivery when nothing more is to be done: `delivered`, or `failed`, which has a list of its own."""
    finished_at = clock.to_rfc3339(at)
    return delivery._replace(status=status, due_at=None, finished_at=finished_at, claimed_until=None, look_at=None)


def made(delivery: Delivery) -> Put:
    """Return the write of a new delivery, which is refused when the endpoint has one of this event."""
    return Put(to_item(delivery), ABSENT)


def written(before: Delivery, after: Delivery) -> Put:
    """Return the write of a delivery that brings it to its next version."""
    return Put(to_item(after._replace(version=before.version + 1)), unchanged(before.version))


def attempted(delivery: Delivery, attempt: Attempt, *, at: Instant) -> Put:
    """Return the write of what came of an attempt."""
    place = Key(endpoints.partition(delivery.tenant_id), f"{attempts_prefix(delivery)}{attempt.number:06}")
    return Put(records.to_item(place, "DeliveryAttempt", attempt) | {"ttl": (at + KEPT) // SECOND})


def attempts_prefix(delivery: Delivery) -> str:
    """Return what the sort keys of a delivery's attempts begin with."""
    return f"ATTEMPT#{delivery.endpoint_id}#{delivery.event_id}#"


def state(tenant_id: str, endpoint_id: str, event_id: str) -> State:
    """Return a delivery with its endpoint and the health of that, as they are now; one call."""
    endpoint, health, (item,) = endpoints.state(tenant_id, endpoint_id, key(tenant_id, endpoint_id, event_id))
    return State(endpoint, health, None if item is None else from_item(item))


def get(caller: Caller, endpoint_id: str, event_id: str) -> View:
    """Return a delivery with its last 100 attempts; two calls. Raises EndpointNotFound, DeliveryNotFound."""
    endpoint, _, delivery = state(caller.tenant_id, endpoint_id, event_id)
    if endpoint is None:
        raise endpoints.EndpointNotFound
    if delivery is None:
        raise DeliveryNotFound
    partition, prefix = endpoints.partition(delivery.tenant_id), attempts_prefix(delivery)
    tried = table.query(partition, prefix, limit=100, newest_first=True).items
    log = [records.from_item(Attempt, each)._asdict() for each in tried]
    return view(delivery) | {"payload": delivery.payload, "log": log}


def page(
    caller: Caller, endpoint_id: str, *, is_failed: bool, limit: int, cursor: str | None
) -> tuple[list[View], str | None]:
    """Return a page of an endpoint's deliveries, newest event first; two calls. Raises EndpointNotFound."""
    if table.get(endpoints.key(caller.tenant_id, endpoint_id)) is None:
        raise endpoints.EndpointNotFound
    found = table.query(
        endpoints.partition(caller.tenant_id),
        failed_prefix(endpoint_id) if is_failed else prefix(endpoint_id),
        index=is_failed,
        newest_first=True,
        limit=limit,
        cursor=cursor,
    )
    return [view(from_item(item)) for item in found.items], found.next_cursor


def behind(
    tenant_id: str, endpoint_id: str, event_id: str, *, is_failed: bool, limit: int
) -> tuple[list[Delivery], str | None]:
    """Return a page of deliveries whose events have higher ids than this one, which need not be there; one query."""
    partition = endpoints.partition(tenant_id)
    listed = failed_prefix(endpoint_id) if is_failed else prefix(endpoint_id)
    place = {"PK": partition, "SK": f"{prefix(endpoint_id)}{event_id}", "GSI1SK": f"{listed}{event_id}"}
    begin = cursors.after(place, index=is_failed)
    found = table.query(partition, listed, index=is_failed, limit=limit, cursor=begin)
    return [from_item(item) for item in found.items], found.next_cursor


def due(shard: int, *, until: Instant) -> Iterator[Item]:
    """Yield the items of the waiting that somebody should look after until then, the longest due first."""
    last = f"{_DUE}{clock.to_rfc3339(until)}"
    for item in table.query_all(due_partition(shard), _DUE, index=True, page=100):
        if item["GSI1SK"] > last:
            return
        yield item


def view(delivery: Delivery) -> View:
    """Return what callers see of a delivery in a list."""
    due_at = delivery.due_at
    return {
        "event_id": delivery.event_id,
        "endpoint_id": delivery.endpoint_id,
        "event_type": delivery.event_type,
        "occurred_at": delivery.occurred_at,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
        "next_attempt_at": None if due_at is None else clock.to_rfc3339(due_at),
        "created_at": delivery.created_at,
        "finished_at": delivery.finished_at,
        "request_id": delivery.request_id,
        "version": delivery.version,
    }
