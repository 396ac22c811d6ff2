"""A goal's chart and forecast as readers see them: its history, how far it was, and when it will be done."""

from collections.abc import Sequence

from functions.goals import points, progress, views
from functions.goals.charts import samples
from functions.goals.charts.samples import Sample
from functions.goals.goals import Goal, present
from functions.goals.progress import Ledger
from functions.goals.sharing import shares
from functions.goals.views import View
from shared import clock, wording
from shared.callers.auth import Caller
from shared.charts import forecast
from shared.charts.forecast import Forecast
from shared.clock import Instant


def read(caller: Caller, goal_id: str) -> View:
    """Return the chart of a goal that the caller may open; one read and one query for the owner.

    Raises GoalNotFound.
    """
    goal, history, at = look(caller, goal_id)
    shown = views.goal_progress(goal, at)
    return {
        "goal_id": goal_id,
        "start_at": clock.to_rfc3339(goal.ledger.start),
        "start_text": wording.day(goal.ledger.start, goal.time_zone),
        "end_at": None if goal.ledger.end is None else clock.to_rfc3339(goal.ledger.end),
        "end_text": None if goal.ledger.end is None else wording.last_day(goal.ledger.end, goal.time_zone),
        "samples": [_sample(sample) for sample in samples.samples(history, at)],
        "milestones": shown["milestones"],
        "forecast": forecast.view(predicted(goal, history, at), goal.time_zone),
        "as_of": shown["as_of"],
    }


def read_forecast(caller: Caller, goal_id: str) -> View:
    """Return when a goal that the caller may open will be done; one read and one query for the owner.

    Raises GoalNotFound.
    """
    goal, history, at = look(caller, goal_id)
    return {
        "goal_id": goal_id,
        **forecast.view(predicted(goal, history, at), goal.time_zone),
        "as_of": clock.to_rfc3339(at),
    }


def look(caller: Caller, goal_id: str) -> tuple[Goal, list[Ledger], Instant]:
    """Return a goal that the caller may open, its history, and the present as the goal has it. Raises GoalNotFound."""
    goal = shares.open_goal(caller, goal_id).goal
    return goal, points.history(goal), present(goal)


def predicted(goal: Goal, history: Sequence[Ledger], at: Instant) -> Forecast:
    """Return when the tasks of a goal will be done, going on as in its history; the same whoever asks."""
    remaining = goal.ledger.counted_weight - goal.ledger.done_weight
    if goal.status == "completed":
        return Forecast("done", 0, reason="The goal is completed.")
    if goal.status != "active":
        return forecast.resting(goal.status, remaining=remaining)
    done = [(ledger.changed_at, ledger.done_weight) for ledger in history]
    begun = next((place for place, (_, weight) in enumerate(done) if weight), len(done))
    return forecast.forecast(
        done[begun:], remaining=remaining, start=goal.ledger.start, at=at, time_zone=goal.time_zone
    )


def _sample(sample: Sample) -> View:
    at = clock.to_rfc3339(sample.at)
    return {
        "date": at[:10],
        "at": at,
        "scope_weight": sample.scope_weight,
        "done_weight": sample.done_weight,
        "total_tasks": sample.total_tasks,
        "completed_tasks": sample.completed_tasks,
        "progress_percentage": progress.percent(sample.progress),
        "task_progress": progress.percent(sample.task_progress),
        "time_progress": None if sample.time_progress is None else progress.percent(sample.time_progress),
    }
