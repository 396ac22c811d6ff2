"""Due dates of open tasks when a goal's deadline comes nearer: refused, or brought forward when the caller says so.

The goal keeps a bound that no task is due after, so a deadline that stays behind it costs no look at the tasks.
"""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

from functions.goals import goal_writes, goals
from functions.goals.goals import Goal
from functions.goals.sharing import shares
from functions.goals.tasks import due_tasks, tasks
from functions.goals.tasks.tasks import Task
from shared import clock
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes, table, versions
from shared.storage.changes import Plan
from shared.storage.writes import Put, Write, unchanged

MOST_AT_ONCE = 20
"""So many tasks with their entries fit into one transaction besides the goal and what follows from it: with all of its
tags replaced that are 60 items."""


class DueDatesBeyondDeadline(Conflict):
    """409: open tasks are due after the new deadline; send `"clamp_tasks": true` to bring them forward."""


class _Left(NamedTuple):
    """How many tasks are still late after a step, and the `If-Match` that the next one must hold to."""

    late_tasks: int
    if_match: str | None


def after(goal: Goal, end: Instant | None) -> list[Task]:
    """Return the open tasks of a goal that are due after an instant; reads tasks only when there can be any."""
    if end is None or goal.due_bound is None or goal.due_bound <= end:
        return []
    found = (tasks.from_item(item) for item in table.query_all(goal.partition, tasks.prefix(goal.goal_id)))
    return [task for task in found if task.status in tasks.OPEN and task.due_at is not None and task.due_at > end]


def require_in_time(late: Sequence[Task], end: Instant | None, *, clamp: bool) -> None:
    """Return when no open task is late or the caller wants them clamped. Raises DueDatesBeyondDeadline."""
    if late and not clamp and end is not None:
        raise DueDatesBeyondDeadline(
            f"{len(late)} open tasks are due after {clock.to_rfc3339(end)}, the first of them {late[0].task_id}; "
            'send "clamp_tasks": true to bring them forward.'
        )


def clamped(late: Sequence[Task], end: Instant | None, at: Instant) -> list[Write]:
    """Return the writes that make tasks due at the goal's end, two for each."""
    writes = list[Write]()
    for task in late:
        after = task._replace(due_at=end, updated_at=at, version=task.version + 1)
        writes += [Put(tasks.to_item(after), unchanged(task.version)), *due_tasks.written(task, after)]
    return writes


def clamp_until_few_are_left(
    caller: Caller, goal_id: str, new_end: Callable[[Goal], Instant | None], *, if_match: str | None
) -> str | None:
    """Clamp late tasks, 20 a transaction, until the rest fits into the one that moves the deadline.

    Returns the `If-Match` that the moving must hold to. Every step leaves a goal whose tasks are due in time; should
    the last one fail, repeating the request goes on from there. Raises Stale.
    """
    left = MOST_AT_ONCE + 1
    while left > MOST_AT_ONCE:
        left, if_match = changes.make(functools.partial(_step, caller, goal_id, new_end, if_match))
    return if_match


def _step(caller: Caller, goal_id: str, new_end: Callable[[Goal], Instant | None], if_match: str | None) -> Plan[_Left]:
    access = shares.open_goal(caller, goal_id, consistent=True)
    shares.require_owner(access)
    goal = access.goal
    versions.require(if_match, goal.version)
    end = new_end(goal)
    late = after(goal, end)
    if len(late) <= MOST_AT_ONCE:
        return Plan(_Left(len(late), if_match))
    at = goals.present(goal)
    changed = goal_writes.advanced(goal._replace(updated_at=at, version=goal.version + 1), at)
    writes = [*clamped(late[:MOST_AT_ONCE], end, at), *goal_writes.written(goal, changed, at)]
    left = _Left(len(late) - MOST_AT_ONCE, if_match and f'"{changed.version}"')
    return Plan(left, [*writes, goals.happened("task.clamped", changed, at)])
