"""Appointments: for when a schedule was asked last, and whether it is known to be set for then.

EventBridge Scheduler takes 250 calls a second in most regions, and most events of a subject leave its instant as it is.
So it is called only when the instant changes. The appointment is written before the call (asked) and after it (known).
Between the two nobody relies on it: whoever dies there leaves it as asked, and the message that is then handed out
again, or the next event two minutes later, makes the call once more.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from shared import clock
from shared.clock import SECOND, Instant
from shared.messaging import schedules, timers
from shared.messaging.timers import ATTEMPT, Timer
from shared.storage import changes, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, Condition, Delete, Put, Write

LONGEST_CALL: Final = 120 * SECOND
"""After this long nobody is at a call any more: no function that makes one runs for longer than a minute."""

LOST_AFTER: Final = 600 * SECOND
"""After this long a message that is due counts as lost: a schedule fires within a minute, or within its window."""


class Wanted(NamedTuple):
    """A schedule as it must be: when it fires (None for never), what it then sends, how many minutes late it may be.

    With a `kind` its appointment is a timer: a sweep finds what was due and lost. `group` is that of the timer.
    """

    name: str
    at: Instant | None
    message: Mapping[str, Any]
    window_minutes: int = 0
    kind: str | None = None
    group: str = ""


class Appointment(NamedTuple):
    """What is known of a schedule: its instant, and since when that is asked for, None once it is known to be set."""

    token: str
    at: Instant | None = None
    asked_at: Instant | None = None


class _Asked(NamedTuple):
    """An appointment that was asked for, and whether nobody else may be at a call for the same schedule."""

    appointment: Appointment
    is_alone: bool


def keep(place: Key, wanted: Wanted, *, anew: bool = False) -> bool:
    """Make a schedule what it must be, and return whether that took a call. `place` is where its appointment is kept.

    `anew` makes the call even if the schedule is known to be set: it may have fired, or be gone. After a call, whoever
    relies on what they have read reads it again: another may have set the schedule in between. Raises Unavailable.
    """
    asked = changes.make(lambda: _asking(place, wanted, anew=anew))
    if asked is None:
        return False
    if wanted.at is None:
        schedules.remove(wanted.name)
    else:
        message = wanted.message if wanted.kind is None else {**wanted.message, ATTEMPT: asked.appointment.token}
        schedules.put(wanted.name, at=wanted.at, message=message, window_minutes=wanted.window_minutes)
    if asked.is_alone:
        _settle(place, wanted, asked.appointment)
    return True


def is_past(place: Key, message: Mapping[str, Any]) -> bool:
    """Return whether the message of a timer is of a past attempt: its instant has changed, or its work is done."""
    if ATTEMPT not in message:
        return False
    item = table.get(place, consistent=True)
    return item is None or item["token"] != message[ATTEMPT]


def _item(place: Key, wanted: Wanted, appointment: Appointment) -> Item:
    """Return the item of an appointment, which is a timer while something is to come."""
    item = records.to_item(place, "Appointment", appointment)
    if wanted.kind is None or appointment.at is None:
        return item
    timer = Timer(wanted.kind, wanted.name, wanted.group, appointment.at, wanted.message, appointment.token)
    look_at = appointment.at + wanted.window_minutes * 60 * SECOND + LOST_AFTER
    return {**item, **timers.attributes(timer, look_at=look_at)}


def _asking(place: Key, wanted: Wanted, *, anew: bool) -> Plan[_Asked | None]:
    """Return the plan that asks for an instant; None when there is nothing to call for."""
    at = wanted.at
    item = table.get(place, consistent=True)
    known = None if item is None else records.from_item(Appointment, item)
    now = clock.now()
    if known is None and at is None:
        return Plan(None)
    if known is not None and at is None and _has_fired(known, now):
        return Plan(None, [Delete(place, _still(known))])
    # Who asks for the same instant at this moment makes the call; should they die, their message comes again.
    if known is not None and not anew and known.at == at and (known.asked_at is None or _is_at_it(known, now)):
        return Plan(None)
    asked = Appointment(secrets.token_hex(8), at, now)
    is_alone = known is None or not _is_at_it(known, now)
    condition = ABSENT if known is None else _still(known)
    return Plan(_Asked(asked, is_alone), [Put(_item(place, wanted, asked), condition)])


def _settle(place: Key, wanted: Wanted, asked: Appointment) -> None:
    """Write that an appointment is known to be set, unless somebody has asked for another since."""
    known = asked._replace(asked_at=None)
    write: Write = Delete(place, _still(asked))
    if known.at is not None:
        write = Put(_item(place, wanted, known), _still(asked))
    try:
        table.transact([write])
    except (ConditionFailed, Contended):
        return


def _has_fired(known: Appointment, now: Instant) -> bool:
    """Return whether a schedule is known to be gone: one that has fired removes itself."""
    return known.asked_at is None and known.at is not None and known.at <= now


def _is_at_it(known: Appointment, now: Instant) -> bool:
    """Return whether whoever asked may be making their call."""
    return known.asked_at is not None and now - known.asked_at <= LONGEST_CALL


def _still(known: Appointment) -> Condition:
    return Condition("#token = :token", {"#token": "token"}, {":token": known.token})
