"""What a caller can look at of the plan of a project."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from functions.projects.dependencies import dependencies, graph
from functions.projects.dependencies.graph import Planned
from functions.projects.milestones import milestones, opening
from functions.projects.people import access
from functions.projects.planning import lifecycle, schedule
from functions.projects.planning.schedule import Slot, Work
from functions.projects.projects import Project
from shared import clock, days
from shared.calendars import working_days
from shared.calendars.working_days import Calendar
from shared.callers.caller import Caller
from shared.storage import table

View = dict[str, Any]

_NODE: Final = (
    "project_milestone_id", "title", "status", "progress", "start_on", "due_on", "is_blocked", "version",
)  # fmt: skip


def of_milestone(caller: Caller, milestone_id: str) -> list[View]:
    """Return what a milestone depends on, and what of that is open. Raises ProjectMilestoneNotFound."""
    opened = opening.milestone(caller, milestone_id, consistent=False)
    found, now = opened.milestone, clock.now()
    kept = dependencies.of(found.dependencies)
    keys = [milestones.key(caller.tenant_id, each.from_id) for each in kept]
    others = table.get_many(keys) if keys else []
    views = []
    for each, other in zip(kept, others, strict=True):
        reason = None if opened.prerequisites is None else opened.prerequisites.reason(found, each, now)
        named = {name: None if other is None else other[name] for name in ("title", "status")}
        judged = {"is_open": reason is not None, "reason": reason}
        views.append({**lifecycle.view(each, milestone_id), **judged, **named})
    return views


def of_project(caller: Caller, project_id: str) -> View:
    """Return the graph of a project: its milestones and what depends on what. Raises ProjectNotFound."""
    access.open_project(caller, project_id, consistent=False)
    found = graph.of_project(caller.tenant_id, project_id)
    nodes = [{name: getattr(each, name) for name in _NODE} for each in found.values()]
    edges = [
        lifecycle.view(edge, each.project_milestone_id)
        for each in found.values()
        for edge in dependencies.of(each.dependencies)
    ]
    return {"milestones": nodes, "dependencies": edges}


def critical_path(caller: Caller, project_id: str) -> View:
    """Return when each milestone of a project can and must be worked on. Raises ProjectNotFound."""
    seen = planned(caller.tenant_id, access.open_project(caller, project_id, consistent=False).project)
    return {
        "starts_on": seen.starts_on,
        "ends_on": seen.ends_on,
        "critical": [each for each, slot in seen.slots.items() if not slot.slack],
        "milestones": [_planned(seen.entries[each], slot, seen.calendar) for each, slot in seen.slots.items()],
    }


class Planning(NamedTuple):
    """How the milestones of a project are planned, by their ids: those that are not cancelled have a slot."""

    entries: Mapping[str, Planned]
    slots: Mapping[str, Slot]
    calendar: Calendar

    def days(self, milestone_id: str) -> tuple[date, date]:
        """Return the earliest first and last day of a milestone that has a slot."""
        slot = self.slots[milestone_id]
        return self.calendar.day(slot.earliest_start), self.calendar.day(slot.earliest_end - 1)

    @property
    def starts_on(self) -> str | None:
        """The day on which the first of them begins, None without any."""
        starts = [slot.earliest_start for slot in self.slots.values()]
        return str(self.calendar.day(min(starts))) if starts else None

    @property
    def ends_on(self) -> str | None:
        """The day on which the last of them ends."""
        ends = [slot.earliest_end for slot in self.slots.values()]
        return str(self.calendar.day(max(ends) - 1)) if ends else None


def planned(tenant_id: str, project: Project) -> Planning:
    """Return how the milestones of a project are planned; the query of its graph."""
    calendar = working_days.of(project.working_days, project.holidays, project.time_zone)
    found = graph.of_project(tenant_id, project.project_id)
    works = {each: _work(entry, calendar) for each, entry in found.items() if entry.status != "cancelled"}
    begun = [work.not_before for work in works.values() if work.not_before is not None]
    first = min(begun) if begun else calendar.number(days.day_of(clock.now(), project.time_zone))
    return Planning(found, schedule.of(works, first), calendar)


def _work(entry: Planned, calendar: Calendar) -> Work:
    """Return how a milestone is planned: from its first day to its last; one day where it does not say both."""
    first, last = (None if day is None else date.fromisoformat(day) for day in (entry.start_on, entry.due_on))
    length = 1 if first is None or last is None else max(1, calendar.length(first, last))
    return Work(length, None if first is None else calendar.number(first), dependencies.of(entry.dependencies))


def _planned(entry: Planned, slot: Slot, calendar: Calendar) -> View:
    return {
        "project_milestone_id": entry.project_milestone_id,
        "title": entry.title,
        "status": entry.status,
        "working_days": slot.earliest_end - slot.earliest_start,
        "earliest_start_on": str(calendar.day(slot.earliest_start)),
        "earliest_finish_on": str(calendar.day(slot.earliest_end - 1)),
        "latest_start_on": str(calendar.day(slot.latest_start)),
        "latest_finish_on": str(calendar.day(slot.latest_end - 1)),
        "slack_days": slot.slack,
        "is_critical": slot.slack == 0,
    }
