"""Why the API refuses a row, in the names that the sheet has for the fields."""

from collections.abc import Iterable, Mapping
from typing import Literal

from milepost_cli.stops import Stop

OF_THE_GOAL = frozenset({"GoalNotFound", "GoalNotOpen", "NotYours"})
"""The refusals that are about the goal of a row, whatever was sent."""

_NAMES = {
    "title": "title",
    "due_at": "due",
    "completion_note": "note",
    "goal.title": "goal",
    "goal.start_at": "goal_start",
}


def of_errors(errors: Iterable[Mapping[str, str]], goal_title: str) -> str:
    """Return the errors of a checked row in one text."""
    return "; ".join(_reason(each["field"], each["reason"], goal_title) for each in errors)


def of_stop(stop: Stop, part: Literal["goal", "task"], goal_title: str) -> str:
    """Return the refusal of a write, as the check would have told it."""
    errors = stop.problem.get("errors", [])
    if errors:
        return of_errors([{**each, "field": f"{part}.{each['field']}"} for each in errors], goal_title)
    if stop.problem.get("code") in OF_THE_GOAL:
        return _reason("goal_id", str(stop.problem["detail"]), goal_title)
    return str(stop)


def _reason(field: str, reason: str, goal_title: str) -> str:
    if field == "goal_id":
        return f"goal {goal_title!r}: {reason}"
    place = field.removeprefix("task.")
    return f"{_NAMES.get(place, place.replace('goal.', 'goal_', 1))}: {reason}"
