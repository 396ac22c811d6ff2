"""A task of a goal: its record, its keys, and how it is read. `lifecycle.py` changes it."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.goals import goals, progress
from functions.goals.progress import Ledger
from functions.goals.sharing import shares
from functions.goals.sharing.shares import Access
from functions.goals.views import View
from shared import clock, ids, wording
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import table
from shared.storage.attributes import Item, Key

COUNTED = frozenset({"active", "paused", "completed"})
OPEN = frozenset({"active", "paused"})
PREFIX = "TASK#"


class TaskNotFound(NotFound):
    """404: the goal has no task with this id."""

    def __init__(self) -> None:
        super().__init__("The goal has no task with this id.")


class Task(NamedTuple):
    """A task as it is stored."""

    task_id: str
    goal_id: str
    owner_id: str
    created_by: str
    title: str
    weight: int
    status: str
    created_at: Instant
    updated_at: Instant
    version: int
    tags: Sequence[str] = ()
    due_at: Instant | None = None
    completion_note: str | None = None
    completed_at: Instant | None = None


def key(owner_id: str, goal_id: str, task_id: str) -> Key:
    """Return the key of a task. Raises TaskNotFound for an id that no task can have."""
    if not ids.is_valid(task_id, "task"):
        raise TaskNotFound
    return Key(goals.partition(owner_id), f"{prefix(goal_id)}{task_id}")


def prefix(goal_id: str) -> str:
    """Return what the sort keys of a goal's tasks begin with; after it they sort by creation."""
    return f"{PREFIX}{goal_id}#"


def to_item(task: Task) -> Item:
    """Return the item of a task."""
    pk, sk = key(task.owner_id, task.goal_id, task.task_id)
    created_at = clock.to_rfc3339(task.created_at)
    optional = {
        "tags": list(task.tags),
        "due_at": None if task.due_at is None else clock.to_rfc3339(task.due_at),
        "completion_note": task.completion_note,
        "completed_at": None if task.completed_at is None else clock.to_rfc3339(task.completed_at),
    }
    return {
        "PK": pk,
        "SK": sk,
        "GSI1PK": pk,
        "GSI1SK": f"ENTITY#Task#{created_at}",
        "entity": "Task",
        "task_id": task.task_id,
        "goal_id": task.goal_id,
        "owner_id": task.owner_id,
        "created_by": task.created_by,
        "title": task.title,
        "weight": task.weight,
        "status": task.status,
        "created_at": created_at,
        "updated_at": clock.to_rfc3339(task.updated_at),
        "version": task.version,
        **{name: value for name, value in optional.items() if value},
    }


def from_item(item: Item) -> Task:
    """Return the task of an item."""
    due_at, completed_at = item.get("due_at"), item.get("completed_at")
    return Task(
        task_id=item["task_id"],
        goal_id=item["goal_id"],
        owner_id=item["owner_id"],
        created_by=item["created_by"],
        title=item["title"],
        weight=item["weight"],
        status=item["status"],
        created_at=clock.from_stored(item["created_at"]),
        updated_at=clock.from_stored(item["updated_at"]),
        version=item["version"],
        tags=item.get("tags", ()),
        due_at=None if due_at is None else clock.from_stored(due_at),
        completion_note=item.get("completion_note"),
        completed_at=None if completed_at is None else clock.from_stored(completed_at),
    )


def view(task: Task, goal: goals.Goal) -> View:
    """Return what callers see of a task of a goal; its days are those of the goal's time zone."""
    zone = goal.time_zone
    return {
        "task_id": task.task_id,
        "goal_id": task.goal_id,
        "created_by": task.created_by,
        "title": task.title,
        "weight": task.weight,
        "tags": list(task.tags),
        "status": task.status,
        "due_at": None if task.due_at is None else clock.to_rfc3339(task.due_at),
        "due_text": None if task.due_at is None else wording.last_day(task.due_at, zone),
        "completion_note": task.completion_note,
        "completed_at": None if task.completed_at is None else clock.to_rfc3339(task.completed_at),
        "completed_text": None if task.completed_at is None else wording.day(task.completed_at, zone),
        "created_at": clock.to_rfc3339(task.created_at),
        "updated_at": clock.to_rfc3339(task.updated_at),
        "version": task.version,
    }


def get(caller: Caller, goal_id: str, task_id: str, *, consistent: bool = False) -> View:
    """Return a task of a goal that the caller may open; one call for the owner. Raises TaskNotFound."""
    access, task = open_task(caller, goal_id, task_id, consistent=consistent)
    return view(task, access.goal)


def page(caller: Caller, goal_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of a goal's tasks in the order of their creation; one read of the goal and one query."""
    goal = shares.open_goal(caller, goal_id).goal
    found = table.query(goal.partition, prefix(goal_id), limit=limit, cursor=cursor)
    return [view(from_item(item), goal) for item in found.items], found.next_cursor


def open_task(caller: Caller, goal_id: str, task_id: str, *, consistent: bool) -> tuple[Access, Task]:
    """Return a task and its goal, read in one call for the owner. Raises GoalNotFound or TaskNotFound."""
    access = shares.open_goal(
        caller, goal_id, also=lambda owner_id: [key(owner_id, goal_id, task_id)], consistent=consistent
    )
    item = access.others[0]
    if item is None:
        raise TaskNotFound
    return access, from_item(item)


def contribution(task: Task | None) -> tuple[int, int, int, int]:
    """Return what a task adds to its goal: weight done, weight counted, tasks completed, tasks counted."""
    if task is None or task.status not in COUNTED:
        return 0, 0, 0, 0
    done = int(task.status == "completed")
    return done * task.weight, task.weight, done, 1


def counted(ledger: Ledger, before: Task | None, after: Task | None, at: Instant) -> Ledger:
    """Return the ledger of the goal after one of its tasks became what it is, or went."""
    old, new = contribution(before), contribution(after)
    if old == new:
        return ledger
    return progress.change(
        ledger,
        at,
        done_weight=ledger.done_weight + new[0] - old[0],
        counted_weight=ledger.counted_weight + new[1] - old[1],
        completed_tasks=ledger.completed_tasks + new[2] - old[2],
        total_tasks=ledger.total_tasks + new[3] - old[3],
    )
