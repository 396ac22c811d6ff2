"""How an escalation goes to the next level by itself: nobody has seen to it in time, or it is not resolved in time.

Each level is reached once, by a write under the version of the escalation.
"""

from typing import Final

from functions.projects import escalations
from functions.projects.escalation import commands, deadline
from functions.projects.escalation.commands import Change
from functions.projects.escalations import SYSTEM
from functions.projects.milestones import happenings
from functions.projects.people import members
from functions.projects.timers.seeing import Seen
from shared.callers import project_members
from shared.clock import Instant
from shared.storage import table
from shared.storage.events import Concern
from shared.storage.writes import Write

_MOST_TOLD: Final = 20
"""How many managers are told: a project has fewer, and an event is to stay small."""


def due(seen: Seen, now: Instant) -> list[Write]:
    """Return the writes of the next escalation that goes up by itself, none if there is none."""
    for each in seen.escalations:
        at = deadline.rises_at(each)
        if at is not None and at <= now:
            return _risen(seen, commands.moved(each, "escalate", now, by=SYSTEM), each, now)
    return []


def _risen(seen: Seen, change: Change, before: escalations.Escalation, now: Instant) -> list[Write]:
    concerns = [Concern(each, "on_call") for each in _managers(seen)[:_MOST_TOLD]]
    told = happenings.of_escalation("escalated", change.after, seen.milestone, now, concerns=concerns)
    return [escalations.changed(seen.partition, before, change.after), *told]


def _managers(seen: Seen) -> list[str]:
    """Return the managers of the project, whom the last level tells."""
    place = project_members.partition(seen.milestone.tenant_id, seen.milestone.project_id)
    found = [members.from_item(item) for item in table.query_all(place, project_members.PREFIX)]
    return [each.user_id for each in found if "manager" in each.roles]
