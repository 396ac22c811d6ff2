"""Due tasks: an entry for every open task that has a due date, so that they are found over all goals, soonest first.

An entry is written in the transaction of its task, and only when what it says has changed. A task without a due date
has none and costs nothing.
"""

from typing import NamedTuple

from functions.goals import goals
from functions.goals.tasks import tasks
from functions.goals.tasks.tasks import Task
from shared import clock
from shared.clock import Instant
from shared.storage import cursors, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Delete, Put, Write

_LISTED = "ENTITY#DueTask#"


class DueTask(NamedTuple):
    """An open task that is due at an instant; `revised_at` is when title or instant changed, None if not stored yet."""

    task_id: str
    goal_id: str
    title: str
    due_at: Instant
    revised_at: Instant | None


def prefix(goal_id: str) -> str:
    """Return what the sort keys of the entries of a goal begin with."""
    return f"DUE#{goal_id}#"


def entries(task: Task) -> list[Item]:
    """Return the entry of a task, none for one that is closed or has no due date."""
    if task.due_at is None or task.status not in tasks.OPEN:
        return []
    pk, sk = _key(task)
    due_at = clock.to_rfc3339(task.due_at)
    return [
        {
            "PK": pk,
            "SK": sk,
            "GSI1PK": pk,
            "GSI1SK": f"{_LISTED}{due_at}#{task.task_id}",
            "entity": "DueTask",
            "task_id": task.task_id,
            "goal_id": task.goal_id,
            "title": task.title,
            "due_at": due_at,
            "revised_at": clock.to_rfc3339(task.updated_at),
        }
    ]


def written(before: Task | None, after: Task | None) -> list[Write]:
    """Return the writes that keep the entry in step with a change of its task, none when there is nothing to say."""
    old, new = _said(before), _said(after)
    if old == new:
        return []
    if after is not None and new is not None:
        return [Put(item) for item in entries(after)]
    return [] if before is None else [Delete(_key(before))]


def of_goal(owner_id: str, goal_id: str, *, limit: int) -> list[DueTask]:
    """Return the due tasks of a goal, of more than `limit` those that were added first; one query."""
    found = table.query(goals.partition(owner_id), prefix(goal_id), limit=limit)
    return sorted([_from_item(item) for item in found.items], key=lambda each: each.due_at)


def soonest(owner_id: str, *, since: Instant, limit: int) -> list[DueTask]:
    """Return the tasks of all goals of a user that are due from an instant on, soonest first; one query."""
    partition = goals.partition(owner_id)
    place = {"PK": partition, "SK": "DUE#", "GSI1SK": f"{_LISTED}{clock.to_rfc3339(since)}"}
    begin = cursors.after(place, index=True)
    found = table.query(partition, _LISTED, index=True, limit=limit, cursor=begin)
    return [_from_item(item) for item in found.items]


def _key(task: Task) -> Key:
    return Key(goals.partition(task.owner_id), f"{prefix(task.goal_id)}{task.task_id}")


def _said(task: Task | None) -> tuple[str, Instant] | None:
    """Return what the entry of a task says, None when it has none."""
    if task is None or task.due_at is None or task.status not in tasks.OPEN:
        return None
    return task.title, task.due_at


def _from_item(item: Item) -> DueTask:
    revised_at = item.get("revised_at")
    return DueTask(
        task_id=item["task_id"],
        goal_id=item["goal_id"],
        title=item["title"],
        due_at=clock.from_stored(item["due_at"]),
        revised_at=None if revised_at is None else clock.from_stored(revised_at),
    )
