"""What callers see of goals, their progress and their tasks, as plain JSON values."""

from datetime import date
from typing import Any

from functions.goals import achievements, progress
from functions.goals.goals import Goal
from functions.goals.progress import THRESHOLDS, Ledger
from shared import clock, wording
from shared.clock import Instant

View = dict[str, Any]


def goal(shown: Goal, at: Instant, *, role: str) -> View:
    """Return a goal with its progress at an instant, as seen by its owner or by somebody it is shared with."""
    ledger = _at(shown, at)
    return {
        "goal_id": shown.goal_id,
        "owner_id": shown.owner_id,
        "role": role,
        "title": shown.title,
        "description": shown.description,
        "category": shown.category,
        "tags": list(shown.tags),
        "status": shown.status,
        "start_at": clock.to_rfc3339(ledger.start),
        "start_text": wording.day(ledger.start, shown.time_zone),
        "deadline": shown.deadline,
        "deadline_text": None if shown.deadline is None else wording.date_text(date.fromisoformat(shown.deadline)),
        "time_zone": shown.time_zone,
        "weights": {"task": ledger.task_share, "time": 100 - ledger.task_share},
        "progress": _numbers(shown.status, ledger, at),
        "milestones": _milestones(shown, ledger),
        "created_at": clock.to_rfc3339(shown.created_at),
        "updated_at": clock.to_rfc3339(shown.updated_at),
        "version": shown.version,
    }


def goal_progress(shown: Goal, at: Instant) -> View:
    """Return how far a goal is at an instant that is not before its last change."""
    ledger = _at(shown, at)
    return {
        "goal_id": shown.goal_id,
        **_numbers(shown.status, ledger, at),
        "milestones": _milestones(shown, ledger),
        "as_of": clock.to_rfc3339(at),
        "last_updated": clock.to_rfc3339(shown.updated_at),
    }


def _at(shown: Goal, at: Instant) -> Ledger:
    return progress.as_of(shown.ledger, at)


def _numbers(status: str, ledger: Ledger, at: Instant) -> View:
    hybrid, tasks = progress.hybrid(ledger, at), progress.task_progress(ledger)
    time, pace = progress.time_progress(ledger, at), progress.pace(ledger, at)
    active = status == "active"
    left = None if ledger.end is None else ledger.end - at
    overdue = active and left is not None and left <= 0
    return {
        "progress_percentage": progress.percent(hybrid),
        "progress_text": wording.percent(hybrid),
        "task_progress": progress.percent(tasks),
        "task_progress_text": wording.percent(tasks),
        "time_progress": None if time is None else progress.percent(time),
        "time_progress_text": None if time is None else wording.percent(time),
        "completed_tasks": ledger.completed_tasks,
        "total_tasks": ledger.total_tasks,
        "pace": None if pace is None else progress.percent(pace),
        "pace_text": None if pace is None else wording.pace(pace),
        "is_overdue": overdue,
        "is_urgent": active and left is not None and 0 < left <= progress.URGENT_WITHIN,
        "is_on_track": active and not overdue and (pace is None or pace[0] >= 0),
    }


def _milestones(goal: Goal, ledger: Ledger) -> list[View]:
    """Return the four milestones of a goal, ascending, from a ledger that is advanced to the instant of the view."""

    def text(instant: Instant | None) -> str | None:
        return None if instant is None else wording.day(instant, goal.time_zone, end=ledger.end)

    shown = []
    for index, percentage in enumerate(THRESHOLDS):
        since, first = ledger.since[index], ledger.first[index]
        predicted = progress.predicted_at(ledger, index) if since is None else None
        shown.append(
            {
                "id": achievements.milestone_id(goal.goal_id, percentage),
                "name": achievements.NAMES[percentage],
                "percentage": percentage,
                "description": f"Reach {percentage}% progress",
                "achieved": since is not None,
                "achieved_at": None if since is None else clock.to_rfc3339(since),
                "achieved_text": text(since),
                "first_achieved_at": None if first is None else clock.to_rfc3339(first),
                "first_achieved_text": text(first),
                "predicted_at": None if predicted is None else clock.to_rfc3339(predicted),
                "predicted_text": text(predicted),
            }
        )
    return shown
