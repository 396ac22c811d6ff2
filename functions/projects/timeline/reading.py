"""The timeline of a project as callers see it, and how its baseline is frozen."""

from datetime import date
from typing import Any, NamedTuple

from functions.projects.dependencies import dependencies
from functions.projects.lifecycle import ProjectStatusNotPossible
from functions.projects.people import access
from functions.projects.planning import reading as planning
from functions.projects.planning.reading import Planning
from functions.projects.projects import Project
from functions.projects.timeline import baselines
from functions.projects.timeline.baselines import Baseline
from shared import clock, days
from shared.callers.caller import Caller
from shared.storage import changes, events
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

View = dict[str, Any]


class Look(NamedTuple):
    """What a timeline shows: a project, how it is planned now, how it was, and the present day in its zone."""

    project: Project
    plan: Planning
    baseline: Baseline | None
    today: date


def look(caller: Caller, project_id: str) -> Look:
    """Return what the timeline of a project shows; a call and the query of its graph. Raises ProjectNotFound."""
    place = baselines.key(caller.tenant_id, project_id)
    opened = access.open_project(caller, project_id, also=[place], consistent=False)
    plan = planning.planned(caller.tenant_id, opened.project)
    today = days.day_of(clock.now(), opened.project.time_zone)
    return Look(opened.project, plan, baselines.of(opened.others[0]), today)


def timeline(caller: Caller, project_id: str) -> View:
    """Return the timeline of a project. Raises ProjectNotFound."""
    seen = look(caller, project_id)
    return {
        "project_id": project_id,
        "today": str(seen.today),
        "starts_on": seen.plan.starts_on,
        "ends_on": seen.plan.ends_on,
        "late_by_days": _late(seen, seen.baseline and seen.baseline.ends_on, seen.plan.ends_on),
        "baseline": None if seen.baseline is None else frozen(seen.baseline),
        "milestones": [_row(seen, each) for each in ordered(seen)],
        "dependencies": [
            {**edge._asdict(), "to_id": each}
            for each in seen.plan.slots
            for edge in dependencies.of(seen.plan.entries[each].dependencies)
        ],
    }


def freeze(caller: Caller, project_id: str, *, claim: Claim | None = None) -> Answer:
    """Freeze how an active project is planned now, for managers and creators; return its baseline.

    Raises ProjectNotFound, RoleRequired, ProjectStatusNotPossible.
    """
    place = baselines.key(caller.tenant_id, project_id)

    def plan() -> Plan[View]:
        opened = access.open_project(caller, project_id, also=[place])
        opened.standing.require("manager", "creator")
        if opened.project.status != "active":
            raise ProjectStatusNotPossible(opened.project.status, "given a baseline")
        before, now = baselines.of(opened.others[0]), clock.now()
        planned = planning.planned(caller.tenant_id, opened.project)
        spans = {each: planned.days(each) for each in planned.slots}
        after = Baseline(
            frozen_by=caller.user_id,
            frozen_at=clock.to_rfc3339(now),
            version=1 if before is None else before.version + 1,
            days={each: baselines.days(*span) for each, span in spans.items()},
            starts_on=planned.starts_on,
            ends_on=planned.ends_on,
        )
        told = events.occurred(
            "projects.baseline.frozen",
            partition=place.pk,
            subject_id=project_id,
            tenant_id=caller.tenant_id,
            at=now,
            data={
                "project_id": project_id,
                "project_version": opened.project.version,
                "status": opened.project.status,
            },
        )
        return Plan(frozen(after), [baselines.written(place, before, after), told])

    return changes.make(plan, claim=claim)


def frozen(baseline: Baseline) -> View:
    """Return what callers see of a baseline."""
    shown = baseline._asdict()
    del shown["days"]
    return shown | {"milestones": len(baseline.days)}


def ordered(seen: Look) -> list[str]:
    """Return the ids of the milestones, what begins first first."""
    slots = seen.plan.slots
    return sorted(slots, key=lambda each: (slots[each].earliest_start, slots[each].earliest_end, each))


def _row(seen: Look, milestone_id: str) -> View:
    entry, slot = seen.plan.entries[milestone_id], seen.plan.slots[milestone_id]
    first, last = seen.plan.days(milestone_id)
    was = None if seen.baseline is None else seen.baseline.of(milestone_id)
    return {
        "project_milestone_id": milestone_id,
        "title": entry.title,
        "status": entry.status,
        "progress": entry.progress,
        "is_blocked": entry.is_blocked,
        "start_on": str(first),
        "finish_on": str(last),
        "slack_days": slot.slack,
        "is_critical": slot.slack == 0,
        "baseline_start_on": None if was is None else str(was[0]),
        "baseline_finish_on": None if was is None else str(was[1]),
        "late_by_days": None if was is None else _late(seen, str(was[1]), str(last)),
    }


def _late(seen: Look, planned: str | None, now: str | None) -> int | None:
    """Return by how many working days something ends later than it was planned to, less than 0 for earlier."""
    if planned is None or now is None:
        return None
    calendar = seen.plan.calendar
    return calendar.number(date.fromisoformat(now)) - calendar.number(date.fromisoformat(planned))
