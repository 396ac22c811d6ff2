"""Exports: a goal with all that there is of it, page by page, as a restore takes it elsewhere (`restores.py`)."""

from functions.goals import goals, points, progress
from functions.goals.goals import Goal
from functions.goals.progress import Ledger, Ratio
from functions.goals.sharing import shares
from functions.goals.tasks import tasks
from functions.goals.tasks.tasks import Task
from functions.goals.views import View
from shared import clock
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.storage import table


def page(caller: Caller, goal_id: str, *, limit: int, cursor: str | None) -> View:
    """Return a page of the export of a goal of the caller: the goal on the first one, and tasks on all.

    Raises GoalNotFound, NotYours for somebody the goal is shared with.
    """
    access = shares.open_goal(caller, goal_id, consistent=True)
    shares.require_owner(access)
    return page_of_goal(access.goal, limit=limit, cursor=cursor)


def page_of_goal(goal: Goal, *, limit: int, cursor: str | None) -> View:
    """Return a page of the export of a goal, whoever calls."""
    found = table.query(goal.partition, tasks.prefix(goal.goal_id), limit=limit, cursor=cursor, consistent=True)
    return {
        "goal_id": goal.goal_id,
        "version": goal.version,
        "goal": _goal(goal) if cursor is None else None,
        "tasks": [_task(tasks.from_item(item)) for item in found.items],
        "next_cursor": found.next_cursor,
    }


def _goal(goal: Goal) -> View:
    ledger, past = goal.ledger, points.history(goal)[:-1]
    # What time alone has brought since the last change, it will bring again.
    known = progress.known_by(ledger, ledger.changed_at)
    return {
        "title": goal.title,
        "description": goal.description,
        "category": goal.category,
        "tags": list(goal.tags),
        "status": goal.status,
        "start_at": clock.to_rfc3339(ledger.start),
        "deadline": goal.deadline,
        "time_zone": goal.time_zone,
        "weights": {"task": ledger.task_share, "time": 100 - ledger.task_share},
        "answers": goals.answers_of(goal, consistent=True),
        "created_at": clock.to_rfc3339(goal.created_at),
        "updated_at": clock.to_rfc3339(goal.updated_at),
        "changed_at": clock.to_rfc3339(ledger.changed_at),
        "fixed_progress": _fraction(ledger.fixed),
        "achieved_at": [_text(each) for each in known.since],
        "first_achieved_at": [_text(each) for each in known.first],
        "history": [_point(each) for each in past],
    }


def _point(ledger: Ledger) -> View:
    return {
        "changed_at": clock.to_rfc3339(ledger.changed_at),
        "start_at": clock.to_rfc3339(ledger.start),
        "end_at": _text(ledger.end),
        "task_share": ledger.task_share,
        "done_weight": ledger.done_weight,
        "counted_weight": ledger.counted_weight,
        "completed_tasks": ledger.completed_tasks,
        "total_tasks": ledger.total_tasks,
        "fixed_progress": _fraction(ledger.fixed),
    }


def _task(task: Task) -> View:
    return {
        "task_id": task.task_id,
        "title": task.title,
        "weight": task.weight,
        "tags": list(task.tags),
        "status": task.status,
        "due_at": _text(task.due_at),
        "completion_note": task.completion_note,
        "completed_at": _text(task.completed_at),
        "created_at": clock.to_rfc3339(task.created_at),
        "updated_at": clock.to_rfc3339(task.updated_at),
    }


def _fraction(ratio: Ratio | None) -> str | None:
    return None if ratio is None else f"{ratio[0]}/{ratio[1]}"


def _text(instant: Instant | None) -> str | None:
    return None if instant is None else clock.to_rfc3339(instant)
