"""What a caller can do with a task: add, change, complete, reopen, delete.

Whatever happens to a task is written together with its goal at the next version, so the goal's counters are always
those of its tasks, however many requests come at once.
"""

from typing import TYPE_CHECKING, Any

from functions.goals import goal_writes, goals
from functions.goals.goals import Goal
from functions.goals.sharing import shares
from functions.goals.sharing.shares import Access
from functions.goals.tasks import due_tasks, tasks
from functions.goals.tasks.tasks import OPEN, Task
from functions.goals.views import View
from shared import clock, ids
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Claim
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

if TYPE_CHECKING:
    from functions.goals.shapes import TaskDraft, TaskPatch


class GoalNotOpen(Conflict):
    """409: tasks are only added to a goal that is active or paused."""


def add(caller: Caller, goal_id: str, draft: "TaskDraft", *, claim: Claim | None = None) -> View:
    """Add a task to a goal and return it. Raises GoalNotOpen, NotYours for a viewer, InvalidInput for the due date."""
    task_id = ids.new("task")

    def plan() -> Plan[View]:
        access = shares.open_goal(caller, goal_id, consistent=True)
        task = drafted(access, caller, draft, task_id)
        return Plan(tasks.view(task, access.goal), _written(access.goal, None, task, "task.added", task.created_at))

    return changes.make(plan, claim=claim)


def drafted(access: Access, caller: Caller, draft: "TaskDraft", task_id: str) -> Task:
    """Return the task that a draft makes of a goal. Raises GoalNotOpen, NotYours for a viewer, InvalidInput."""
    _require_contributor(access)
    goal = access.goal
    if goal.status not in OPEN:
        raise GoalNotOpen(f"The goal is {goal.status}; tasks are only added to one that is active or paused.")
    at = goals.present(goal)
    task = Task(
        task_id=task_id,
        goal_id=goal.goal_id,
        owner_id=goal.owner_id,
        created_by=caller.user_id,
        title=draft.title,
        weight=draft.weight,
        status="active",
        created_at=at,
        updated_at=at,
        version=1,
        tags=draft.tags or (),
        due_at=draft.due_at,
    )
    _require_due_in_time(goal, None, task)
    return task


def patch(caller: Caller, goal_id: str, task_id: str, sent: "TaskPatch", *, if_match: str | None = None) -> View:
    """Change fields of a task, its status among them, and return it; what was not sent stays. Raises Stale."""

    def plan() -> Plan[View]:
        access, task = tasks.open_task(caller, goal_id, task_id, consistent=True)
        _require_author(access, task, caller)
        versions.require(if_match, task.version)
        fields = sent.sent()
        if "tags" in fields:
            fields["tags"] = fields["tags"] or ()
        return _changed(access.goal, task, fields)

    return changes.make(plan)


def complete(
    caller: Caller, goal_id: str, task_id: str, *, note: str | None = None, claim: Claim | None = None
) -> View:
    """Complete a task and return it. One that is completed already stays as it is, its note too."""

    def plan() -> Plan[View]:
        access, task = tasks.open_task(caller, goal_id, task_id, consistent=True)
        _require_author(access, task, caller)
        if task.status == "completed":
            return Plan(tasks.view(task, access.goal))
        return _changed(
            access.goal, task, {"status": "completed"} | ({} if note is None else {"completion_note": note})
        )

    return changes.make(plan, claim=claim)


def reopen(caller: Caller, goal_id: str, task_id: str, *, claim: Claim | None = None) -> View:
    """Make a task active again and return it. One that is active already stays as it is."""

    def plan() -> Plan[View]:
        access, task = tasks.open_task(caller, goal_id, task_id, consistent=True)
        _require_author(access, task, caller)
        return _changed(access.goal, task, {"status": "active"})

    return changes.make(plan, claim=claim)


def delete(caller: Caller, goal_id: str, task_id: str, *, if_match: str | None = None) -> None:
    """Delete a task; it leaves the goal's progress. Raises Stale."""

    def plan() -> Plan[None]:
        access, task = tasks.open_task(caller, goal_id, task_id, consistent=True)
        _require_author(access, task, caller)
        versions.require(if_match, task.version)
        at = goals.present(access.goal)
        return Plan(None, _written(access.goal, task, None, "task.deleted", at))

    changes.make(plan)


def _require_contributor(access: Access) -> None:
    if access.role == "viewer":
        raise shares.NotYours("The goal is shared with you to look at, not to change.")


def _require_author(access: Access, task: Task, caller: Caller) -> None:
    _require_contributor(access)
    if access.role != shares.OWNER and task.created_by != caller.user_id:
        raise shares.NotYours("A contributor changes the tasks they created, not those of others.")


def _changed(goal: Goal, before: Task, fields: dict[str, Any]) -> Plan[View]:
    """Return the plan of a change of a task's fields; no writes when it already is as asked."""
    at = goals.present(goal)
    if all(getattr(before, name) == value for name, value in fields.items()):
        return Plan(tasks.view(before, goal))
    if fields.get("status", before.status) != before.status:
        fields = {**fields, "completed_at": at if fields["status"] == "completed" else None}
    after = before._replace(**fields, updated_at=at, version=before.version + 1)
    return Plan(tasks.view(after, goal), _written(goal, before, after, f"task.{_participle(before, after)}", at))


def _participle(before: Task, after: Task) -> str:
    """Return what happened to a task, in a word."""
    if after.status == before.status:
        return "updated"
    if after.status in {"completed", "cancelled"}:
        return after.status
    return "reopened" if before.status not in OPEN and after.status in OPEN else "updated"


def _written(goal: Goal, before: Task | None, after: Task | None, what: str, at: Instant) -> list[Write]:
    """Return the writes of a change of one task: the task, its goal at the next version, and what follows."""
    task = after or before
    if task is None:
        return []
    if after is not None:
        _require_due_in_time(goal, before, after)
    ledger = tasks.counted(goal.ledger, before, after, at)
    due_bound = max(goal.due_bound or 0, (after.due_at if after else None) or 0) or None
    changed = goal._replace(ledger=ledger, due_bound=due_bound, updated_at=at, version=goal.version + 1)
    event = goals.happened(what, changed, at, task_id=task.task_id)
    if after is None:
        removal = Delete(tasks.key(task.owner_id, task.goal_id, task.task_id), unchanged(task.version))
        return [removal, *due_tasks.written(before, None), *goal_writes.written(goal, changed, at), event]
    written = Put(tasks.to_item(after), ABSENT if before is None else unchanged(before.version))
    return [written, *due_tasks.written(before, after), *goal_writes.written(goal, changed, at), event]


def _require_due_in_time(goal: Goal, before: Task | None, after: Task) -> None:
    """Raise InvalidInput when an open task would be due after the goal's end; closed ones may have been."""
    end = goal.ledger.end
    if end is None or after.due_at is None or after.status not in OPEN or after.due_at <= end:
        return
    if before is None or before.due_at != after.due_at or before.status not in OPEN:
        raise InvalidInput.of("due_at", f"must not be after the goal's end, {clock.to_rfc3339(end)}")
