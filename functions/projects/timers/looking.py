"""One look at a milestone: everything that is due of it by now is done, and the next look is scheduled.

It believes nobody. It reads the milestone, does what is due, each in a transaction of its own, and makes the schedule
what it must be. So it may be called early, late, twice and in any order, and one call makes good for those that were
lost. What was done stands where the next look reads it, so nothing is done twice.
"""

from typing import Final

from functions.projects.escalation import deadline
from functions.projects.layers import clocks
from functions.projects.layers.layers import Layer
from functions.projects.probes import asking
from functions.projects.timers import causes, escalating, reminding, rising, seeing, timeouts, waiting
from functions.projects.timers.seeing import Seen, Subject
from shared import clock
from shared.clock import Instant
from shared.messaging import appointments
from shared.messaging.appointments import Wanted
from shared.storage import changes
from shared.storage.attributes import Key
from shared.storage.changes import Plan

KIND: Final = "projects.milestone"
"""What its timers are called."""


def look(which: Subject, *, anew: bool = False) -> None:
    """Do what is due of a milestone by now, and schedule the next look, or none when nothing will be due.

    Nothing is asked of the Scheduler while the instant stays; with `anew` it is, for the schedule may be gone.
    """
    at = _done(which)
    while appointments.keep(appointment_key(which), _wanted(which, at), anew=anew):
        # Another who has read it earlier may have set the schedule after this one: the last one sees it here.
        seen, at = at, _done(which)
        if at == seen:
            return
        anew = True


def appointment_key(which: Subject) -> Key:
    """Return where it is kept when a milestone is looked at next."""
    return Key(which.partition, "APPOINTMENT")


def _wanted(which: Subject, at: Instant | None) -> Wanted:
    return Wanted(which.project_milestone_id, at, which._asdict(), kind=KIND, group=which.tenant_id)


def _done(which: Subject) -> Instant | None:
    """Do what is due, thing by thing, and return when the next is; None for never."""
    while True:
        is_more, at = changes.make(lambda: _next(which))
        if not is_more:
            return at


def _next(which: Subject) -> Plan[tuple[bool, Instant | None]]:
    """Return the plan of the next thing that is due; it answers whether there was one, or when there will be."""
    seen, now = seeing.read(which), clock.now()
    if seen is None:
        return Plan((False, None))
    of_layers = [] if seen.is_stopped else (timeouts.due(seen, now) or reminding.due(seen, now))
    of_escalations = escalating.due(seen, now) or rising.due(seen, now) or rising.reminders_due(seen, now)
    of_probes = asking.due(seen.milestone, seen.probes, seen.opened.primary, now)
    writes = of_layers or of_escalations or of_probes or waiting.due(seen, now)
    return Plan((bool(writes), None if writes else _next_at(seen, now)), writes)


def _next_at(seen: Seen, now: Instant) -> Instant | None:
    """Return when time alone next does something to a milestone. What is due by now is done, or known."""
    of_layers = [] if seen.is_stopped else [at for layer in seen.layers for at in _instants_of(layer)]
    found = [
        *of_layers,
        causes.late_at(seen),
        waiting.next_end(seen, now),
        causes.next_absence(seen, now),
        *map(deadline.rises_at, seen.escalations),
        *map(deadline.reminds_at, seen.escalations),
        *asking.next_at(seen.milestone, seen.probes),
    ]
    return min((at for at in found if at is not None and at > now), default=None)


def _instants_of(layer: Layer) -> list[Instant | None]:
    return [clocks.next_reminder(layer), clocks.due_at(layer)]
