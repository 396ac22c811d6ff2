"""What callers see of tracked milestones and of projects, as plain JSON values."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from functions.milestones import dependencies, milestones, number, progress
from functions.milestones.milestones import Milestone
from shared import clock, wording
from shared.clock import Instant

View = dict[str, Any]

JSON_LINES: Final = "application/x-ndjson"
"""The media type of an export: a JSON object in each line."""


def milestone(shown: Milestone) -> View:
    """Return a milestone as its reader sees it, with those it waits for."""
    return all_of([shown])[0]


def all_of(shown: Iterable[Milestone]) -> list[View]:
    """Return milestones as their reader sees them; what they depend on is read together."""
    found = list(shown)
    blocked_by = dependencies.open_ones(found)
    return [_milestone(each, blocked_by[each.milestone_uid]) for each in found]


def day_text(day: str | None) -> str | None:
    """Return a day (YYYY-MM-DD) of a project as text. A project has no time zone: its days are UTC and say so."""
    return None if day is None else wording.utc_date(date.fromisoformat(day))


def _milestone(shown: Milestone, blocked_by: list[str]) -> View:
    return {
        "milestone_uid": shown.milestone_uid,
        "forse_milestone_id": shown.sync.evaluator_id,
        "project_id": shown.project_id,
        "kpi_id": shown.kpi_id,
        "target": number.shown(shown.target),
        "current_value": number.shown(shown.current_value),
        "progress_percentage": progress.of(shown.status, shown.current_value, shown.target),
        "progress_text": wording.percent(progress.exactly(shown.status, shown.current_value, shown.target)),
        "milestone_index": shown.milestone_index,
        "weight": shown.weight,
        "timeframe_from": shown.timeframe_from,
        "timeframe_from_text": day_text(shown.timeframe_from),
        "timeframe_to": shown.timeframe_to,
        "timeframe_to_text": day_text(shown.timeframe_to),
        "scopes": list(shown.scopes),
        "metadata": milestones.metadata_of(shown),
        "status": shown.status,
        "is_completed": shown.status == "completed",
        "completed_at": _text(shown.completed_at),
        "completed_text": None if shown.completed_at is None else wording.day(shown.completed_at, None),
        "forse_synced": shown.is_synced,
        "sync": {
            "state": shown.sync.state,
            "attempts": shown.sync.attempts,
            "last_error": shown.sync.last_error,
            "next_attempt_at": _text(shown.sync.next_attempt_at),
        },
        "depends_on": list(shown.depends_on),
        "blocked_by": blocked_by,
        "created_at": clock.to_rfc3339(shown.created_at),
        "updated_at": clock.to_rfc3339(shown.updated_at),
        "version": shown.version,
    }


def _text(instant: Instant | None) -> str | None:
    return None if instant is None else clock.to_rfc3339(instant)
