"""A delivery: that an endpoint is told of an event, once per endpoint and event, and what came of every attempt.

Whoever sends it claims it first, by its version, so that two do not send at once; a claim ends by itself. A delivery
that waits stands in the index under the instant at which somebody should look after it, whatever became of the message
that was to bring it (`consumers.py` sweeps).
"""

import json
import zlib
from collections.abc import Iterator
from typing import Any, Final

from functions.webhooks import endpoints
from shared import clock, ids
from shared.callers.auth import Caller
from shared.clock import DAY, SECOND, Instant
from shared.errors import NotFound
from shared.storage import cursors, table
from shared.storage.attributes import Item, Key
from shared.storage.events import Event
from shared.storage.table import Page
from shared.storage.writes import ABSENT, Put, unchanged

KEPT: Final = 30 * DAY
SHARDS: Final = 8
"""The waiting are spread over this many partitions of the index, each of which takes 1,000 writes a second."""

View = dict[str, Any]

_DUE = "ENTITY#Delivery#"
_SHOWN = ("event_id", "endpoint_id", "event_type", "occurred_at", "status", "attempts", "last_status", "last_error")
_ATTEMPT_SHOWN = ("number", "attempted_at", "took_ms", "status", "error", "answer")


class DeliveryNotFound(NotFound):
    """404: the endpoint has no delivery of this event, or not any more."""

    def __init__(self) -> None:
        super().__init__("The endpoint has no delivery of this event; after 30 days there is none any more.")


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


def to_item(endpoint: Item, event: Event, *, at: Instant, look_at: Instant) -> Item:
    """Return the item of a delivery that is to be sent now; `look_at` is when to see whether it was."""
    pk, sk = key(endpoint["tenant_id"], endpoint["endpoint_id"], event.event_id)
    item = {
        "PK": pk,
        "SK": sk,
        "entity": "Delivery",
        "tenant_id": endpoint["tenant_id"],
        "endpoint_id": endpoint["endpoint_id"],
        "event_id": event.event_id,
        "event_type": event.event_type,
        "occurred_at": event.occurred_at,
        "payload": payload(event),
        "attempts": 0,
        "tries": 0,
        "last_status": None,
        "last_error": None,
        "is_test": False,
        "replay_id": None,
        "claimed_until": None,
        "created_at": clock.to_rfc3339(at),
        "version": 1,
        "ttl": (at + KEPT) // SECOND,
    }
    return waiting(item, due_at=at, look_at=look_at)


def payload(event: Event) -> str:
    """Return the body of the message, as it is signed and sent: type, timestamp and data, as the specification says."""
    told = {"type": event.event_type, "timestamp": event.occurred_at, "data": event.data}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def waiting(item: Item, *, due_at: Instant, look_at: Instant) -> Item:
    """Return the delivery as it waits for its next attempt."""
    shard = zlib.crc32(item["SK"].encode()) % SHARDS
    place = {"GSI1PK": due_partition(shard), "GSI1SK": f"{_DUE}{clock.to_rfc3339(look_at)}"}
    return item | place | {"status": "waiting", "due_at": due_at, "finished_at": None, "claimed_until": None}


def ended(item: Item, status: str, *, at: Instant) -> Item:
    """Return the delivery when nothing more is to be done: `delivered`, or `failed`, which has a list of its own."""
    over = item | {"status": status, "due_at": None, "finished_at": clock.to_rfc3339(at), "claimed_until": None}
    del over["GSI1PK"], over["GSI1SK"]
    if status == "failed":
        over |= {"GSI1PK": over["PK"], "GSI1SK": f"{failed_prefix(over['endpoint_id'])}{over['event_id']}"}
    return over


def made(item: Item) -> Put:
    """Return the write of a new delivery, which is refused when the endpoint has one of this event."""
    return Put(item, ABSENT)


def written(before: Item, after: Item) -> Put:
    """Return the write of a delivery that brings it to its next version."""
    return Put(after | {"version": before["version"] + 1}, unchanged(before["version"]))


def attempted(
    item: Item, *, at: Instant, took_ms: int, status: int | None, error: str | None, answer: str | None
) -> Put:
    """Return the write of what came of an attempt; `item` has counted it."""
    pk, sk = item["PK"], f"{attempts_prefix(item)}{item['attempts']:06}"
    told = {"number": item["attempts"], "attempted_at": clock.to_rfc3339(at), "took_ms": took_ms}
    return Put(
        {"PK": pk, "SK": sk, "entity": "DeliveryAttempt", "ttl": (at + KEPT) // SECOND}
        | told
        | {"status": status, "error": error, "answer": answer}
    )


def attempts_prefix(item: Item) -> str:
    """Return what the sort keys of a delivery's attempts begin with."""
    return f"ATTEMPT#{item['endpoint_id']}#{item['event_id']}#"


def get(caller: Caller, endpoint_id: str, event_id: str) -> View:
    """Return a delivery with its last 100 attempts; two calls. Raises EndpointNotFound, DeliveryNotFound."""
    place = key(caller.tenant_id, endpoint_id, event_id)
    endpoint, _, item = endpoints.states(caller.tenant_id, endpoint_id, place)
    if endpoint is None:
        raise endpoints.EndpointNotFound
    if item is None:
        raise DeliveryNotFound
    tried = table.query(item["PK"], attempts_prefix(item), limit=100, newest_first=True).items
    shown = [{name: each[name] for name in _ATTEMPT_SHOWN} for each in tried]
    return view(item) | {"payload": item["payload"], "log": shown}


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
    return [view(item) for item in found.items], found.next_cursor


def behind(tenant_id: str, endpoint_id: str, event_id: str, *, is_failed: bool, limit: int) -> Page:
    """Return the first deliveries whose events have higher ids than this one, which need not be there; one query."""
    partition = endpoints.partition(tenant_id)
    listed = failed_prefix(endpoint_id) if is_failed else prefix(endpoint_id)
    place = {"PK": partition, "SK": f"{prefix(endpoint_id)}{event_id}", "GSI1SK": f"{listed}{event_id}"}
    begin = cursors.after(place, index=is_failed)
    return table.query(partition, listed, index=is_failed, limit=limit, cursor=begin)


def due(shard: int, *, until: Instant) -> Iterator[Item]:
    """Yield the waiting that somebody should look after until then, the longest due first."""
    last = f"{_DUE}{clock.to_rfc3339(until)}"
    for item in table.query_all(due_partition(shard), _DUE, index=True, page=100):
        if item["GSI1SK"] > last:
            return
        yield item


def view(item: Item) -> View:
    """Return what callers see of a delivery in a list."""
    due_at = item["due_at"]
    return {
        **{name: item[name] for name in _SHOWN},
        "next_attempt_at": None if due_at is None else clock.to_rfc3339(due_at),
        "created_at": item["created_at"],
        "finished_at": item["finished_at"],
        "version": item["version"],
    }
