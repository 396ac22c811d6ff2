"""Imports: a goal brought along with its history, as if it had happened here.

The history is replayed on a ledger, entry by entry, so every `achieved_at` comes out as it would have then, and every
day of it leaves its point. Tasks and points are written first, where no reader looks; one transaction then makes the
goal appear. Until it does, a stage (`stages.py`) says that the goal is on its way: should the import break off, what
it left is removed an hour later.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from functions.goals import goal_writes, goals, points, progress, views
from functions.goals import lifecycle as goal_lifecycle
from functions.goals.goals import Goal
from functions.goals.progress import Ledger
from functions.goals.tasks import due_tasks, tasks
from functions.goals.tasks.tasks import Task
from functions.goals.transfer import stages
from functions.goals.views import View
from shared import clock, ids
from shared.callers import tenant_settings
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import InvalidInput, NotAllowed, Refusal
from shared.storage import changes, idempotency, table
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.idempotency import Claim
from shared.storage.writes import PRESENT, Delete

if TYPE_CHECKING:
    from functions.goals.shapes import GoalImport, HistoryEntry

_FIELDS = {
    "task_added": {"task", "title", "weight", "due_at"},
    "task_completed": {"task"},
    "task_reopened": {"task"},
    "task_cancelled": {"task"},
    "deadline_moved": {"deadline"},
    "goal_completed": set[str](),
}
_REQUIRED = {"task_added": {"task", "title"}, "deadline_moved": {"deadline"}}
_STEPS = {
    "task_completed": (frozenset({"active"}), "completed"),
    "task_reopened": (frozenset({"completed", "cancelled"}), "active"),
    "task_cancelled": (frozenset({"active", "completed"}), "cancelled"),
}


class WrongEntry(NotAllowed):
    """422: an entry of the history cannot have happened; `errors` names it by its index."""

    @classmethod
    def of(cls, index: int, name: str, reason: str) -> "WrongEntry":
        """Return the refusal of one field of one entry."""
        place = f"history.{index}.{name}"
        return cls(f"{place}: {reason}", errors=[{"field": place, "reason": reason}])


@dataclass(slots=True)
class _Replay:
    """The goal as the entries so far have made it."""

    caller: Caller
    goal_id: str
    time_zone: str
    now: Instant
    ledger: Ledger
    deadline: date | None
    tasks: dict[str, Task] = field(default_factory=dict)
    past: list[Ledger] = field(default_factory=list)
    last_at: Instant = 0


def run(caller: Caller, sent: "GoalImport", *, claim: Claim | None = None) -> View:
    """Import a goal with its history; all or nothing. Returns `{goal_id, tasks: {reference: task_id}, progress}`.

    Raises WrongEntry with the index of the entry, InvalidInput for the goal's own fields.
    """
    earlier = None if claim is None else idempotency.earlier_answer(claim)
    if earlier is not None:
        return earlier
    now = clock.now()
    replay = _replayed(caller, sent, now)
    goal = _goal(caller, sent, replay, now)
    view = {
        "goal_id": goal.goal_id,
        "tasks": {reference: task.task_id for reference, task in replay.tasks.items()},
        "progress": views.goal_progress(goal, now),
    }
    staged = [tasks.to_item(task) for task in replay.tasks.values()]
    staged += [entry for task in replay.tasks.values() for entry in due_tasks.entries(task)]
    staged += [points.to_item(goal.partition, goal.goal_id, ledger) for ledger in replay.past]
    return _stored(goal, staged, view, now, claim)


def _stored(goal: Goal, staged: list[Item], view: View, now: Instant, claim: Claim | None) -> View:
    stage = stages.key(goal.owner_id, goal.goal_id)
    table.put_many([stages.to_item(goal.owner_id, goal.goal_id, stages.end_of(now))])
    goal = goal_writes.advanced(goal, now)
    writes = [Delete(stage, PRESENT), *goal_writes.written(None, goal, now), goals.happened("goal.imported", goal, now)]
    try:
        table.put_many(staged)
        answer = changes.make(lambda: Plan(view, writes), claim=claim)
    except Refusal:
        table.delete_many([stage])
        raise
    if answer["goal_id"] != goal.goal_id:
        table.delete_many([stage])
    return answer


def _replayed(caller: Caller, sent: "GoalImport", now: Instant) -> _Replay:
    if sent.start_at > now:
        raise InvalidInput.of("start_at", "must not be in the future: an import is of what has happened")
    time_zone = sent.time_zone or tenant_settings.of(caller.tenant_id).time_zone
    end = goal_lifecycle.end_of_goal(sent.deadline, time_zone, sent.start_at, now)
    share = sent.weights.task if sent.weights else goal_lifecycle.DEFAULT_TASK_SHARE
    ledger = progress.open_ledger(start=sent.start_at, end=end, task_share=share, opened_at=sent.start_at)
    goal_id = ids.new("goal", at=now)
    replay = _Replay(caller, goal_id, time_zone, now, ledger, sent.deadline, last_at=sent.start_at)
    for index, entry in enumerate(sent.history):
        _require_plausible(replay, index, entry)
        before = replay.ledger
        match entry.event:
            case "task_added":
                _add(replay, index, entry)
            case "deadline_moved":
                _move(replay, index, entry)
            case "goal_completed":
                replay.ledger = progress.change(replay.ledger, entry.at, fixed=(100, 1))
            case _:
                _step(replay, index, entry)
        if points.is_over(before, replay.ledger):
            replay.past.append(before)
        replay.last_at = entry.at
    return replay


def _require_plausible(replay: _Replay, index: int, entry: "HistoryEntry") -> None:
    """Raise WrongEntry for an entry that is out of order, takes other fields, or comes after the end."""
    if entry.at < replay.last_at:
        raise WrongEntry.of(index, "at", f"must not be before {clock.to_rfc3339(replay.last_at)}, the one before it")
    if entry.at > replay.now:
        raise WrongEntry.of(index, "at", "must not be in the future")
    sent = entry.sent().keys() - {"at", "event"}
    for name in sorted(sent - _FIELDS[entry.event]):
        raise WrongEntry.of(index, name, f"does not belong to {entry.event}; remove it")
    for name in sorted(_REQUIRED.get(entry.event, _FIELDS[entry.event]) - sent):
        raise WrongEntry.of(index, name, f"is required for {entry.event}")
    if replay.ledger.fixed is not None:
        raise WrongEntry.of(index, "event", "nothing can follow goal_completed")


def _add(replay: _Replay, index: int, entry: "HistoryEntry") -> None:
    if entry.task in replay.tasks:
        raise WrongEntry.of(index, "task", f"{entry.task} has been added before")
    end = replay.ledger.end
    if entry.due_at is not None and end is not None and entry.due_at > end:
        raise WrongEntry.of(index, "due_at", f"must not be after the goal's end, {clock.to_rfc3339(end)}")
    task = Task(
        task_id=ids.new("task", at=entry.at),
        goal_id=replay.goal_id,
        owner_id=replay.caller.user_id,
        created_by=replay.caller.user_id,
        title=entry.title,
        weight=entry.weight,
        status="active",
        created_at=entry.at,
        updated_at=entry.at,
        version=1,
        due_at=entry.due_at,
    )
    _count(replay, entry, None, task)


def _step(replay: _Replay, index: int, entry: "HistoryEntry") -> None:
    leaves, status = _STEPS[entry.event]
    before = replay.tasks.get(entry.task)
    if before is None:
        raise WrongEntry.of(index, "task", f"{entry.task} has not been added")
    if before.status not in leaves:
        raise WrongEntry.of(index, "task", f"{entry.task} is {before.status} at that time")
    completed_at = entry.at if status == "completed" else None
    changed = before._replace(status=status, completed_at=completed_at, updated_at=entry.at, version=before.version + 1)
    _count(replay, entry, before, changed)


def _count(replay: _Replay, entry: "HistoryEntry", before: Task | None, after: Task) -> None:
    replay.tasks[entry.task] = after
    replay.ledger = tasks.counted(replay.ledger, before, after, entry.at)


def _move(replay: _Replay, index: int, entry: "HistoryEntry") -> None:
    try:
        end = goal_lifecycle.end_of_goal(entry.deadline, replay.time_zone, replay.ledger.start, replay.now)
    except InvalidInput as refusal:
        raise WrongEntry.of(index, "deadline", refusal.errors[0]["reason"]) from refusal
    for reference, task in replay.tasks.items():
        if end is not None and task.status in tasks.OPEN and task.due_at is not None and task.due_at > end:
            raise WrongEntry.of(index, "deadline", f"{reference} is due after it, {clock.to_rfc3339(task.due_at)}")
    replay.deadline = entry.deadline
    replay.ledger = progress.change(replay.ledger, entry.at, end=end)


def _goal(caller: Caller, sent: "GoalImport", replay: _Replay, now: Instant) -> Goal:
    dues = [task.due_at for task in replay.tasks.values() if task.due_at is not None]
    described: dict[str, Any] = {"description": sent.description, "category": sent.category, "tags": sent.tags or ()}
    return Goal(
        goal_id=replay.goal_id,
        owner_id=caller.user_id,
        tenant_id=caller.tenant_id,
        title=sent.title,
        status="active" if replay.ledger.fixed is None else "completed",
        time_zone=replay.time_zone,
        ledger=progress.advance(replay.ledger, now),
        created_at=now,
        updated_at=now,
        version=1,
        deadline=None if replay.deadline is None else replay.deadline.isoformat(),
        due_bound=max(dues, default=None),
        **described,
    )
