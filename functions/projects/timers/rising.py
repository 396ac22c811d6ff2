"""How an escalation goes to the next level by itself, and how the people of a level are told again before.

Each level is reached once, and each notice given once, by a write under the version of the escalation.
"""

from functions.projects import escalations
from functions.projects.escalation import commands, deadline
from functions.projects.escalation.opening import Opened
from functions.projects.escalations import SYSTEM, Escalation
from functions.projects.milestones import happenings
from functions.projects.timers.seeing import Seen
from shared.clock import Instant
from shared.storage.events import Concern
from shared.storage.writes import Write


def due(seen: Seen, now: Instant) -> list[Write]:
    """Return the writes of the next escalation that goes up by itself, none if there is none."""
    for each in seen.escalations:
        at = deadline.rises_at(each)
        if at is not None and at <= now:
            opened = Opened(each, seen.opened)
            return commands.writes_of(opened, commands.moved(opened, "escalate", now, by=SYSTEM), now)
    return []


def reminders_due(seen: Seen, now: Instant) -> list[Write]:
    """Return the writes of the next escalation whose people are told again, none if there is none.

    Several notices that have become due are one.
    """
    for each in seen.escalations:
        at = deadline.reminds_at(each)
        if at is not None and at <= now:
            return _reminded(seen, each, now)
    return []


def _reminded(seen: Seen, before: Escalation, now: Instant) -> list[Write]:
    after = deadline.reminded(before, now)
    concerns = [Concern(each, "on_call") for each in after.notified]
    told = happenings.of_escalation("reminded", after, seen.milestone, now, concerns=concerns)
    return [escalations.changed(seen.partition, before, after), *told]
