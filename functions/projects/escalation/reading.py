"""What a caller can look at of escalations: one by one, those of a milestone, and those of a status by due date."""

from collections.abc import Sequence
from typing import Final

from functions.projects import escalations
from functions.projects.escalation import opening, views
from functions.projects.escalation.views import View
from functions.projects.escalations import Escalation, Status
from functions.projects.milestones import milestones
from functions.projects.milestones import opening as milestone_opening
from functions.projects.milestones.reading import require_day
from functions.projects.people import access
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table

Listed = tuple[list[View], str | None]

_FIRST: Final[Status] = "pending"


def escalation(caller: Caller, escalation_id: str) -> View:
    """Return an escalation; three calls. Raises EscalationNotFound."""
    opened = opening.escalation(caller, escalation_id, consistent=False)
    return views.escalation(opened.escalation, opened.of.standing)


def page_of_milestone(
    caller: Caller, milestone_id: str, status: Status | None, *, limit: int, cursor: str | None
) -> Listed:
    """Return a page of the escalations of a milestone, the newest first; with a status, it may be short.

    Raises ProjectMilestoneNotFound, Malformed.
    """
    opened = milestone_opening.milestone(caller, milestone_id, consistent=False)
    place = milestones.partition(caller.tenant_id, milestone_id)
    found = table.query(place, escalations.PREFIX, limit=limit, cursor=cursor, newest_first=True)
    listed = [escalations.from_item(item) for item in found.items]
    shown = [views.escalation(each, opened.standing) for each in listed if status in (None, each.status)]
    return shown, found.next_cursor


def page_of_status(
    caller: Caller, status: Status | None, due_before: str | None, *, limit: int, cursor: str | None
) -> Listed:
    """Return a page of the escalations in a status, pending without one, the first due first; a query and a call.

    Those of projects that the caller is not a member of are left out, so it may be short.
    Raises InvalidInput, Malformed.
    """
    if due_before is not None:
        require_day(due_before)
    place = escalations.by_status(caller.tenant_id, status or _FIRST)
    found = table.query(place, escalations.LISTED, index=True, limit=limit, cursor=cursor)
    listed = [escalations.from_item(item) for item in found.items]
    due = [each for each in listed if due_before is None or each.due_at < due_before]
    return _seen(caller, due), found.next_cursor if len(due) == len(listed) else None


def _seen(caller: Caller, listed: Sequence[Escalation]) -> list[View]:
    """Return what the caller sees of escalations: those of projects that they have a role in."""
    projects = sorted({each.project_id for each in listed})
    own = [project_members.key(caller.tenant_id, each, caller.user_id) for each in projects]
    items = table.get_many(own) if own else []
    standings = {each: access.of_member(caller, item) for each, item in zip(projects, items, strict=True)}
    pairs = [(each, standings[each.project_id]) for each in listed]
    return [views.escalation(each, standing) for each, standing in pairs if standing is not None]
