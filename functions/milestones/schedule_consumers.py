"""What happens by itself with time: a milestone that is open when its time is over is missed, then and not later.

A milestone with a last day has one schedule while it is open, at the end of that day. Whoever gets the message of the
schedule, or an event of the milestone, reads it and does what is due; so messages may come early, twice and in any
order. What is lost on the way, the next reconciliation (`reconciliation.py`) makes good.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.milestones import due, lifecycle, milestones
from functions.milestones.report import OPEN
from shared.messaging import batches, bus, schedules
from shared.messaging.batches import Message, is_event


class About(NamedTuple):
    """Which milestone a message speaks of."""

    tenant_id: str
    milestone_uid: str


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Look at every milestone that the messages of a batch speak of; answers those that failed, to be tried again."""
    return batches.per_subject(event, _about, _look)


def _about(message: Message) -> About:
    if is_event(message):
        event = bus.read(message)
        return About(event.tenant_id, event.subject_id)
    return About(message["tenant_id"], message["milestone_uid"])


def _look(which: About, _messages: Sequence[Message]) -> None:
    """Say that a milestone was missed if it was, and schedule the end of its time if that is still to come."""
    lifecycle.miss(*which)
    found = milestones.find(*which)
    if found is None or found.deleted_at is not None:
        schedules.remove(which.milestone_uid)
    elif found.timeframe_to is None:
        return
    elif found.status in OPEN:
        schedules.put(which.milestone_uid, at=due.end_of(found.timeframe_to), message=which._asdict())
    else:
        schedules.remove(which.milestone_uid)
