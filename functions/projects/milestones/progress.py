"""How far a milestone is by what its progress follows, and whether it is late or likely to be. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from functions.projects.milestones.milestones import ProjectMilestone
from shared import days
from shared.instants import Instant, from_stored

Risk = Literal["escalated", "blocked", "not_started", "behind"]

WORKED_ON: Final = frozenset({"pending", "active", "in_progress", "rejected"})
"""A milestone at these stages is late when its last day is over."""
TOLERANCE: Final = 20
"""So many percentage points may its progress lie behind the share of its time that is over."""
MOST_BY_HOURS: Final = 99
"""Hours that are worked prove nothing: what they make complete is completed by somebody."""


class Outlook(NamedTuple):
    """Whether a milestone is overdue, and why it may become so; what is overdue already is at no risk of it."""

    is_overdue: bool
    risks: Sequence[Risk]


def followed(milestone: ProjectMilestone) -> ProjectMilestone:
    """Return the milestone with the progress of its checklist or its hours, if that is where it comes from."""
    criteria = milestone.completion_criteria
    if milestone.progress_source == "checklist" and criteria:
        done = len(criteria) - len(milestone.open_criteria)
        return milestone._replace(progress=100 * done // len(criteria))
    if milestone.progress_source == "hours" and milestone.estimated_hours:
        worked = 100 * (milestone.actual_hours or 0) // milestone.estimated_hours
        return milestone._replace(progress=min(worked, MOST_BY_HOURS))
    return milestone


def outlook(milestone: ProjectMilestone, now: Instant, time_zone: str) -> Outlook:
    """Return the outlook of a milestone at an instant, by the days of its project."""
    if milestone.stage not in WORKED_ON:
        return Outlook(is_overdue=False, risks=[])
    end = None if milestone.due_on is None else end_of(milestone.due_on, time_zone)
    if end is not None and end <= now:
        return Outlook(is_overdue=True, risks=[])
    return Outlook(is_overdue=False, risks=[*_risks(milestone, now, end, time_zone)])


def end_of(day: str, time_zone: str) -> Instant | None:
    """Return the instant at which a day is over, None at the end of all that can be written."""
    last = date.fromisoformat(day)
    return None if last >= date.max - timedelta(days=1) else days.start_of(last + timedelta(days=1), time_zone)


def _risks(milestone: ProjectMilestone, now: Instant, end: Instant | None, time_zone: str) -> Iterator[Risk]:
    planned = milestone.start_on
    if milestone.status == "escalated":
        yield "escalated"
    if milestone.is_blocked and (planned is None or days.start_of(date.fromisoformat(planned), time_zone) <= now):
        yield "blocked"
    if milestone.stage in ("pending", "active"):
        begun = None if planned is None else end_of(planned, time_zone)
        if begun is not None and begun <= now:
            yield "not_started"
    elif end is not None and milestone.progress + TOLERANCE < _elapsed(milestone, now, end, time_zone):
        yield "behind"


def _elapsed(milestone: ProjectMilestone, now: Instant, end: Instant, time_zone: str) -> int:
    """Return how much of the time of a milestone is over, in percent: from its planned start, or from its real one."""
    planned, begun = milestone.start_on, milestone.moments.get("started_at")
    if planned is not None:
        start = days.start_of(date.fromisoformat(planned), time_zone)
    else:
        start = end if begun is None else from_stored(begun)
    return 0 if end <= start else min(max(100 * (now - start) // (end - start), 0), 100)
