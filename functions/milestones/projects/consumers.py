"""What happens by itself: the history of projects, kept as their milestones change.

Whoever gets events of a project looks at all of its milestones once, and puts what it saw as the point of the day. So
it does not matter how often events come, nor in which order. Lists may be behind the events that speak of them; such a
look is not kept, and its events come again. A look a little after midnight belongs to the day of its events, if nothing
has happened since.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from functions.milestones import milestones
from functions.milestones.milestones import MilestoneNotFound
from functions.milestones.projects import points, reading, standing
from shared import clock, ids
from shared.messaging import batches, bus
from shared.messaging.batches import Message
from shared.storage.attributes import Item
from shared.storage.events import Event


class ListIsBehind(Exception):
    """The list of a project does not show yet what an event speaks of."""


class About(NamedTuple):
    """Which project a message speaks of."""

    tenant_id: str
    project_id: str


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Look at every project that the events of a batch speak of; answers those that are to come again."""
    return batches.per_subject(event, _about, _look)


def _about(message: Message) -> About:
    """Return which project an event speaks of. Raises ValueError or TypeError for names that none can have."""
    event = bus.read(message)
    try:
        milestones.key(event.tenant_id, event.subject_id)
    except MilestoneNotFound as error:
        raise ValueError("no milestone has this id") from error
    if not ids.is_valid(event.tenant_id, "tenant"):
        raise ValueError("no tenant has this id")
    return About(event.tenant_id, event.data["project_id"])


def _look(which: About, messages: Sequence[Message]) -> None:
    heard = [bus.read(message) for message in messages]
    entries = reading.project_entries(*which)
    _require_seen(heard, {entry["milestone_uid"]: entry for entry in entries})
    last, now = max(event.occurred_at for event in heard), clock.to_rfc3339(clock.now())
    stands = standing.of(entries)
    if all(entry["updated_at"][:10] <= last[:10] for entry in entries):
        points.put(*which, stands, day=last[:10], seen_at=now, unless_seen_since=last)
    else:
        # What is late is not dated back: since its day there was more to see, and a day shows what was seen.
        points.put(*which, stands, day=now[:10], seen_at=now, unless_seen_since=now)


def _require_seen(heard: Iterable[Event], entries: Mapping[str, Item]) -> None:
    """Raise ListIsBehind unless the entries are at least as new as the events."""
    for event in heard:
        entry = entries.get(event.subject_id)
        if event.event_type.endswith(".deleted"):
            is_seen = entry is None
        elif entry is not None:
            is_seen = entry["updated_at"] >= event.occurred_at
        else:
            found = milestones.find(event.tenant_id, event.subject_id)
            is_seen = found is None or found.deleted_at is not None
        if not is_seen:
            raise ListIsBehind(event.subject_id)
