"""Events: what happened, written in the transaction of the change that made it so.

An event is an item of the partition it happened in and reaches the world by the table's stream, so there is none
without its change and no change without it. Since its id is new, it also marks its transaction: when DynamoDB says
that the event is already there, an earlier try of the same call has taken effect.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shared import clock, correlation, ids
from shared.clock import Instant
from shared.correlation import Correlation
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put

KEPT = 7 * clock.DAY
PREFIX = "EVENT#"
"""What the sort keys of all events of a partition begin with."""
VERSION = 1


class Event(NamedTuple):
    """What happened. `subject_id` is what it happened to; `data` is as docs/events.md says of the type.

    `correlation` names the request that it happened for; events of earlier versions have none.

    `version` is that of the schema of the data: it grows when something is taken away from it, not when it gets more.
    """

    event_id: str
    event_type: str
    version: int
    occurred_at: str
    tenant_id: str
    subject_id: str
    data: Mapping[str, Any]
    correlation: Mapping[str, str] | None = None

    @property
    def belongs_to(self) -> Correlation | None:
        """Return for which request it happened, None if that is not known."""
        return correlation.read(self.correlation)


def key(partition: str, subject_id: str, event_id: str) -> Key:
    """Return the key of an event: those of one subject lie together, in the order in which they happened."""
    return Key(partition, f"{prefix(subject_id)}{event_id}")


def prefix(subject_id: str) -> str:
    """Return what the sort keys of a subject's events begin with."""
    return f"{PREFIX}{subject_id}#"


def occurred(
    event_type: str,
    *,
    partition: str,
    subject_id: str,
    tenant_id: str,
    at: Instant,
    data: dict[str, Any],
    follows: str | None = None,
) -> Put:
    """Return the write of an event of the type `context.noun.past_participle`; `data` says what a consumer needs.

    `follows` is the event whose consumer writes this one. However often that one comes, this one is written once:
    the second write is refused.
    """
    event_id = ids.new("evt", at=at) if follows is None else ids.following(follows)
    pk, sk = key(partition, subject_id, event_id)
    item = {
        "PK": pk,
        "SK": sk,
        "entity": "Event",
        "event_id": event_id,
        "event_type": event_type,
        "tenant_id": tenant_id,
        "occurred_at": clock.to_rfc3339(at),
        "data": data,
        "ttl": (at + KEPT) // clock.SECOND,
    }
    belongs_to = correlation.current()
    if belongs_to is not None:
        item["correlation"] = belongs_to._asdict()
    return Put(item, ABSENT)


def stored(item: Item) -> Event:
    """Return the event that an item holds."""
    subject_id = item["SK"].removeprefix(PREFIX).rpartition("#")[0]
    names = ("event_id", "event_type", "occurred_at", "tenant_id", "data")
    told = {name: item[name] for name in names}
    return Event(version=VERSION, subject_id=subject_id, correlation=item.get("correlation"), **told)


def told(event: Event) -> dict[str, Any]:
    """Return what consumers are told of an event, as its schema in docs/events.json says."""
    return {name: value for name, value in event._asdict().items() if value is not None}


def is_whole(event: Event) -> bool:
    """Return whether an event has the ids and the type by which consumers know it."""
    told = (event.event_type, event.occurred_at, event.tenant_id, event.subject_id)
    return (
        isinstance(event.event_id, str)
        and ids.is_valid(event.event_id, "evt")
        and all(isinstance(each, str) and each for each in told)
        and isinstance(event.data, Mapping)
    )


def is_event(write: object) -> bool:
    """Tell whether a write is that of an event."""
    return isinstance(write, Put) and write.item.get("entity") == "Event"
