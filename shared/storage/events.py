"""Events: what happened, written in the transaction of the change that made it so.

An event is an item of the partition it happened in and reaches the world by the table's stream, so there is none
without its change and no change without it. Since its id is new, it also marks its transaction: when DynamoDB says
that the event is already there, an earlier try of the same call has taken effect.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from shared import actors, clock, correlation, ids
from shared.actors import Actor
from shared.clock import Instant
from shared.correlation import Correlation
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put

KEPT = 7 * clock.DAY
PREFIX = "EVENT#"
"""What the sort keys of all events of a partition begin with."""
VERSION: Final = 2
STATED: Final = ".stated"
"""What the types of events end in that say how a subject is, and that nothing happened."""
FIRST_VERSION: Final = 1
"""The version of events whose items name none: they have neither an actor, nor concerns, nor a state."""

Reason = Literal["owner", "assigned", "approver", "mentioned", "watching", "on_call", "security", "announcement"]


class Concern(NamedTuple):
    """A user who should hear of an event, and why."""

    user_id: str
    reason: Reason


class Event(NamedTuple):
    """What happened. `subject_id` is what it happened to; `data` is as docs/events.md says of the type.

    `version` is that of the schema: it grows when something is taken away or means something else. An event may come
    from a later version of Milepost and have a higher one than this.
    `correlation` names the request that it happened for, `actor` who did it, `concerns` who should hear of it.
    `state` is the state of its subject after it, for events that facts are made of. Each may be absent.
    """

    event_id: str
    event_type: str
    version: int
    occurred_at: str
    tenant_id: str
    subject_id: str
    data: Mapping[str, Any]
    correlation: Mapping[str, str] | None = None
    actor: Mapping[str, str] | None = None
    concerns: Sequence[Mapping[str, str]] = ()
    state: Mapping[str, Any] | None = None

    @property
    def done_by(self) -> Actor | None:
        """Return who did it, None for an event of the first version."""
        return actors.read(self.actor)

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
    state: Mapping[str, Any] | None = None,
    concerns: Sequence[Concern] = (),
    actor: Actor | None = None,
    follows: Event | None = None,
) -> Put:
    """Return the write of an event of the type `context.noun.past_participle`; `data` says what a consumer needs.

    The actor is who acts now (`shared/actors.py`) unless another is given, or that of the event which this one
    `follows`: its consumer writes this one, and however often it comes, the second write is refused.
    """
    event_id = ids.new("evt", at=at) if follows is None else ids.following(follows.event_id)
    pk, sk = key(partition, subject_id, event_id)
    item: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "Event",
        "event_id": event_id,
        "event_type": event_type,
        "version": VERSION,
        "tenant_id": tenant_id,
        "occurred_at": clock.to_rfc3339(at),
        "actor": (actor or _acting(follows)).told(),
        "data": data,
        "ttl": (at + KEPT) // clock.SECOND,
    }
    belongs_to = correlation.current()
    optional = {
        "state": state,
        "concerns": [each._asdict() for each in concerns] or None,
        "correlation": None if belongs_to is None else belongs_to._asdict(),
    }
    return Put(item | {name: value for name, value in optional.items() if value is not None}, ABSENT)


def stated(noun: str, *, subject_id: str, tenant_id: str, data: Mapping[str, Any], state: Mapping[str, Any]) -> Event:
    """Return the event `<context>.<noun>.stated` of a subject as it is: nothing happened, so no item is written.

    It concerns nobody. Its version is that of the state, so a consumer that keeps the latest has its place for it.
    """
    at, belongs_to = clock.now(), correlation.current()
    return Event(
        event_id=ids.new("evt", at=at),
        event_type=f"{noun}{STATED}",
        version=VERSION,
        occurred_at=clock.to_rfc3339(at),
        tenant_id=tenant_id,
        subject_id=subject_id,
        data=data,
        correlation=None if belongs_to is None else belongs_to._asdict(),
        actor=actors.current().told(),
        state=state,
    )


def _acting(follows: Event | None) -> Actor:
    return actors.current() if follows is None else follows.done_by or actors.SYSTEM


def stored(item: Item) -> Event:
    """Return the event that an item holds."""
    subject_id = item["SK"].removeprefix(PREFIX).rpartition("#")[0]
    told = {name: item[name] for name in Event._fields if name in item}
    return Event(**{"version": FIRST_VERSION, **told, "subject_id": subject_id})


def told(event: Event) -> dict[str, Any]:
    """Return what consumers are told of an event, as its schema in docs/events.json says."""
    return {name: value for name, value in event._asdict().items() if value is not None and value != ()}


def is_whole(event: Event) -> bool:
    """Return whether an event has the ids, the type and the version by which consumers know it."""
    told = (event.event_type, event.occurred_at, event.tenant_id, event.subject_id)
    return (
        isinstance(event.event_id, str)
        and ids.is_valid(event.event_id, "evt")
        and type(event.version) is int
        and event.version >= FIRST_VERSION
        and all(isinstance(each, str) and each for each in told)
        and isinstance(event.data, Mapping)
    )


def is_event(write: object) -> bool:
    """Tell whether a write is that of an event."""
    return isinstance(write, Put) and write.item.get("entity") == "Event"
