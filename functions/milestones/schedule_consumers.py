"""What happens by itself with time: a milestone that is open when its time is over is missed, then and not later.

A milestone with a last day has one schedule while it is open, at the end of that day. Whoever gets the message of the
schedule, or an event of the milestone, reads it and does what is due; so messages may come early, twice and in any
order. What is lost on the way, the next reconciliation (`reconciliation.py`) makes good.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.milestones import due, happenings, lifecycle, milestones
from functions.milestones.report import OPEN
from shared.messaging import answers, appointments, batches, bus, schedules
from shared.messaging.appointments import Wanted
from shared.messaging.batches import Message, is_event
from shared.storage.attributes import Key

ASKED: Final = "projects.milestone.kpi_bound"
"""Projects ask how a milestone is when the progress of one of theirs begins to follow it."""
_WINDOW_MINUTES = 5
"""How late a milestone may be missed: all days end at one midnight, and none of them needs the minute."""


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
        return About(event.tenant_id, event.data["milestone_uid"])
    return About(message["tenant_id"], message["milestone_uid"])


def appointment_key(which: About) -> Key:
    """Return where the appointment of a milestone's schedule is kept."""
    return Key(milestones.key(*which).pk, "APPOINTMENT")


def _look(which: About, messages: Sequence[Message]) -> None:
    """Say that a milestone was missed if it was, and schedule the end of its time if that is still to come.

    Whoever asks how it is gets it restated.

    Nothing is asked of the Scheduler while that instant stays, unless the schedule may have fired or be gone.
    """
    schedules.measure_lag(messages)
    lifecycle.miss(*which)
    found = milestones.find(*which)
    is_open = found is not None and found.deleted_at is None and found.status in OPEN
    at = due.end_of(found.timeframe_to) if found is not None and found.timeframe_to is not None and is_open else None
    wanted = Wanted(which.milestone_uid, at, which._asdict(), window_minutes=_WINDOW_MINUTES)
    anew = any(not is_event(message) or batches.comes_again(message) for message in messages)
    appointments.keep(appointment_key(which), wanted, anew=anew)
    if found is not None and found.deleted_at is None and answers.are_wanted(messages, ASKED):
        answers.give(happenings.restated(found))
