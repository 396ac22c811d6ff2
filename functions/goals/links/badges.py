"""What a badge says of a goal, in a word or two, and how that looks."""

from collections.abc import Callable, Mapping
from typing import Final

from functions.goals import achievements, goals, points, progress, views
from functions.goals.charts import charts
from functions.goals.goals import Goal
from functions.goals.links.links import Metric
from functions.goals.progress import THRESHOLDS
from shared import wording
from shared.charts import badge
from shared.charts.badge import State
from shared.charts.forecast import MOST_YEARS
from shared.charts.themes import Theme
from shared.clock import Instant


def picture(goal: Goal, metric: Metric, *, label: str | None, theme: Theme) -> str:
    """Return the badge of a goal as SVG; without a label it has the goal's title.

    A forecast costs a query for the history, the others cost nothing.
    """
    at = goals.present(goal)
    return badge.badge(label or goal.title, _WORDS[metric](goal, at), _state(goal, at), theme=theme)


def _progress(goal: Goal, at: Instant) -> str:
    return wording.percent(progress.hybrid(goal.ledger, at))


def _milestone(goal: Goal, at: Instant) -> str:
    """Return the next milestone with the day on which time alone will reach it, if it will."""
    ledger = progress.as_of(goal.ledger, at)
    index = next((index for index, since in enumerate(ledger.since) if since is None), None)
    if index is None:
        return achievements.NAMES[100]
    name, predicted = achievements.NAMES[THRESHOLDS[index]], progress.predicted_at(ledger, index)
    if goal.status != "active" or predicted is None:
        return f"next: {name}"
    return f"{name} {wording.day(predicted, goal.time_zone, end=ledger.end)}"


def _forecast(goal: Goal, at: Instant) -> str:
    """Return the day by which 85 % of the draws are done."""
    told = charts.predicted(goal, points.history(goal), at)
    if told.p85 is not None:
        return f"by {wording.day(told.p85, goal.time_zone)} (85 %)"
    if told.state in {"dated", "out_of_sight"}:
        return f"not within {MOST_YEARS} years"
    return "done" if told.state == "done" else "no forecast yet"


def _tasks(goal: Goal, _at: Instant) -> str:
    return goals.tasks_done(goal)


def _state(goal: Goal, at: Instant) -> State:
    """Return how the goal is doing: done or ahead, behind, overdue; plain where nothing says so."""
    if goal.status == "completed":
        return "good"
    if goal.status != "active" or goal.deadline is None:
        return "plain"
    shown = views.goal_progress(goal, at)
    if shown["is_overdue"]:
        return "poor"
    return "good" if shown["is_on_track"] else "fair"


_WORDS: Final[Mapping[Metric, Callable[[Goal, Instant], str]]] = {
    "progress": _progress,
    "milestone": _milestone,
    "forecast": _forecast,
    "tasks": _tasks,
}
