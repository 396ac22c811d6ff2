"""Restores: a goal that was exported elsewhere, brought in as it was, in as many requests as it takes.

Nobody sees anything of it before it is finished; one transaction then makes it appear. Until it does, a stage item
holds what was said of the goal, and should it never be finished, what was brought is removed an hour later, as it is
after an import. No counter is believed: the tasks are counted when all are there, and what was said of the goal's
past must agree with them and with its history (`plausibility.py`).
"""

import hashlib

from ulid import ULID

from functions.goals import goal_writes, goals, points, progress, views
from functions.goals import lifecycle as goal_lifecycle
from functions.goals.goals import Goal, GoalNotFound
from functions.goals.progress import Ledger, Ratio
from functions.goals.tasks import due_tasks
from functions.goals.tasks import tasks as tasks_entity
from functions.goals.tasks.tasks import Task
from functions.goals.transfer import plausibility, stages
from functions.goals.transfer.shapes import MOST_TASKS, GoalRestore, Point, TaskRestore, TasksRestore
from functions.goals.views import View
from shared import clock, ids
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import InvalidInput
from shared.storage import changes, table
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.idempotency import Claim
from shared.storage.writes import ABSENT, Delete, Put, unchanged

_RANDOM_BITS = 80
# Nothing is added in the last minute, or it could come after what clears up.
_MARGIN = 60 * clock.SECOND
_STATUSES_FIXED = {"completed", "archived"}


def begin(caller: Caller, sent: GoalRestore, *, claim: Claim | None = None) -> View:
    """Take what is said of a goal and its history, and return under which id its tasks are expected.

    Raises InvalidInput, naming the field, for what cannot have been.
    """
    now = clock.now()
    goal, history = _goal(caller, sent, now), [_ledger(point, index) for index, point in enumerate(sent.history)]
    plausibility.require_order(history, goal.ledger)
    opened = [history[0].changed_at // clock.DAY * clock.DAY] if history else []
    opened_at = min([*opened, goal.created_at, goal.ledger.start, goal.ledger.changed_at])
    plausibility.require_reached(history, goal.ledger, opened_at=opened_at)
    answers = None if sent.answers is None else sent.answers.model_dump(exclude_none=True)
    given_up_at = stages.end_of(now)
    view = {"goal_id": goal.goal_id, "expires_at": clock.to_rfc3339(given_up_at)}
    stage = Put(_stage(goal, answers, given_up_at), ABSENT)
    answer = changes.make(lambda: Plan(view, [stage]), claim=claim)
    begun_id = str(answer["goal_id"])
    # After the stage, so that a consumer clears up should it break off here; and once more for a request that is
    # repeated, as long as the goal is on its way.
    if begun_id == goal.goal_id or table.get(stages.key(caller.user_id, begun_id), consistent=True) is not None:
        table.put_many([points.to_item(goal.partition, begun_id, ledger) for ledger in history])
    return answer


def add_tasks(caller: Caller, goal_id: str, sent: TasksRestore, *, claim: Claim | None = None) -> View:
    """Take tasks of a goal that is on its way, and return the ids they got; sent again, they are the same tasks.

    Raises GoalNotFound, InvalidInput for what cannot have been.
    """

    def plan() -> Plan[View]:
        stage = _staged(caller, goal_id)
        goal = goals.from_item(stage["goal"])
        made = [_task(goal, task, f"tasks.{index}") for index, task in enumerate(sent.tasks)]
        got = {task.task_id: made[index].task_id for index, task in enumerate(sent.tasks)}
        if len(got) < len(made):
            raise InvalidInput.of("tasks", "must each have a task_id of its own")
        items = [tasks_entity.to_item(task) for task in made]
        items += [entry for task in made for entry in due_tasks.entries(task)]
        # At its next version, so that no task comes between the counting and the goal.
        followed = Put({**stage, "version": stage["version"] + 1}, unchanged(stage["version"]))
        return Plan({"goal_id": goal_id, "tasks": got}, [followed, *(Put(item) for item in items)])

    return changes.make(plan, claim=claim)


def finish(caller: Caller, goal_id: str, *, task_count: int, claim: Claim | None = None) -> View:
    """Count the tasks, hold what was said against them, and let the goal appear. Returns `{goal_id, progress}`.

    Raises GoalNotFound, InvalidInput when tasks are missing or the milestones cannot have been reached so.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        stage = _staged(caller, goal_id)
        goal = _counted(goals.from_item(stage["goal"]), task_count)
        plausibility.require_present(goal.ledger)
        goal = goal._replace(ledger=progress.advance(goal.ledger, now), has_answers=stage["answers"] is not None)
        view = {"goal_id": goal_id, "progress": views.goal_progress(goal, now)}
        writes = [
            Delete(stages.key(caller.user_id, goal_id), unchanged(stage["version"])),
            *goal_writes.written(None, goal, now),
            *goal_writes.answers_written(goal, stage["answers"]),
            goals.happened("goal.imported", goal, now),
        ]
        return Plan(view, writes)

    return changes.make(plan, claim=claim)


def _stage(goal: Goal, answers: dict[str, str] | None, given_up_at: Instant) -> Item:
    item = stages.to_item(goal.owner_id, goal.goal_id, given_up_at)
    return {**item, "goal": goals.to_item(goal), "answers": answers, "version": 1}


def _staged(caller: Caller, goal_id: str) -> Item:
    """Return the stage of a goal that is on its way. Raises GoalNotFound, also when it has expired."""
    if not ids.is_valid(goal_id, "goal"):
        raise GoalNotFound
    stage = table.get(stages.key(caller.user_id, goal_id), consistent=True)
    if stage is None or "goal" not in stage or stages.given_up_at(stage) < clock.now() + _MARGIN:
        raise GoalNotFound
    return stage


def _goal(caller: Caller, sent: GoalRestore, now: Instant) -> Goal:
    end = goal_lifecycle.end_of_goal(sent.deadline, sent.time_zone, sent.start_at, now)
    ledger = Ledger(
        start=sent.start_at,
        end=end,
        task_share=sent.weights.task,
        changed_at=sent.changed_at,
        fixed=_fixed(sent.status, sent.fixed_progress),
        since=tuple(sent.achieved_at),
        first=tuple(sent.first_achieved_at),
    )
    for name, instant, latest in (
        ("changed_at", sent.changed_at, sent.updated_at),
        ("created_at", sent.created_at, sent.updated_at),
        ("updated_at", sent.updated_at, now),
    ):
        if instant > latest:
            raise InvalidInput.of(name, f"must not be after {clock.to_rfc3339(latest)}")
    return Goal(
        goal_id=ids.new("goal", at=sent.created_at),
        owner_id=caller.user_id,
        tenant_id=caller.tenant_id,
        title=sent.title,
        status=sent.status,
        time_zone=sent.time_zone,
        ledger=ledger,
        created_at=sent.created_at,
        updated_at=sent.updated_at,
        version=1,
        description=sent.description,
        category=sent.category,
        tags=sent.tags or (),
        deadline=None if sent.deadline is None else sent.deadline.isoformat(),
    )


def _fixed(status: str, fraction: str | None) -> Ratio | None:
    """Return the progress at which a status holds a goal. Raises InvalidInput when the two do not go together."""
    if (status in _STATUSES_FIXED) != (fraction is not None):
        raise InvalidInput.of("fixed_progress", f"does not go with a goal that is {status}")
    ratio = _ratio(fraction, "fixed_progress")
    if status == "completed" and ratio != (100, 1):
        raise InvalidInput.of("fixed_progress", "must be 100/1: the goal is completed")
    return ratio


def _ratio(fraction: str | None, name: str) -> Ratio | None:
    if fraction is None:
        return None
    numerator, denominator = map(int, fraction.split("/"))
    if numerator > 100 * denominator:
        raise InvalidInput.of(name, "must not be more than 100 percent")
    return numerator, denominator


def _ledger(point: Point, index: int) -> Ledger:
    ledger = Ledger(
        start=point.start_at,
        end=point.end_at,
        task_share=point.task_share,
        changed_at=point.changed_at,
        done_weight=point.done_weight,
        counted_weight=point.counted_weight,
        completed_tasks=point.completed_tasks,
        total_tasks=point.total_tasks,
        fixed=_ratio(point.fixed_progress, f"history.{index}.fixed_progress"),
    )
    plausibility.require_sums(ledger, lambda name: f"history.{index}.{name}")
    return ledger


def _task(goal: Goal, sent: TaskRestore, at: str) -> Task:
    if not ids.is_valid(sent.task_id, "task"):
        raise InvalidInput.of(f"{at}.task_id", "must be the id of a task")
    _require_possible(goal, sent, at)
    return Task(
        task_id=_task_id(goal.goal_id, sent.task_id),
        goal_id=goal.goal_id,
        owner_id=goal.owner_id,
        created_by=goal.owner_id,
        title=sent.title,
        weight=sent.weight,
        status=sent.status,
        created_at=sent.created_at,
        updated_at=sent.updated_at,
        version=1,
        tags=sent.tags or (),
        due_at=sent.due_at,
        completion_note=sent.completion_note,
        completed_at=sent.completed_at,
    )


def _require_possible(goal: Goal, sent: TaskRestore, at: str) -> None:
    """Raise InvalidInput for a task that this goal cannot have."""
    changed_at, end = goal.ledger.changed_at, goal.ledger.end
    if (sent.status == "completed") != (sent.completed_at is not None):
        raise InvalidInput.of(f"{at}.completed_at", f"does not go with a task that is {sent.status}")
    for name, instant, latest in (
        ("created_at", sent.created_at, min(changed_at, sent.updated_at)),
        ("completed_at", sent.completed_at, min(changed_at, sent.updated_at)),
        ("updated_at", sent.updated_at, goal.updated_at),
    ):
        if instant is not None and instant > latest:
            raise InvalidInput.of(f"{at}.{name}", f"must not be after {clock.to_rfc3339(latest)}")
    if sent.completed_at is not None and sent.completed_at < sent.created_at:
        raise InvalidInput.of(f"{at}.completed_at", "must not be before created_at")
    is_open = sent.status in tasks_entity.OPEN
    if is_open and end is not None and sent.due_at is not None and sent.due_at > end:
        raise InvalidInput.of(f"{at}.due_at", f"must not be after the goal's end, {clock.to_rfc3339(end)}")


def _task_id(goal_id: str, task_id: str) -> str:
    """Return the id of a restored task: the same for the same task of the same restore, and sorted as before."""
    instant, random = divmod(int(ULID.from_str(task_id.removeprefix("task_"))), 1 << _RANDOM_BITS)
    moved = random + int.from_bytes(hashlib.sha256(goal_id.encode()).digest()[: _RANDOM_BITS // 8])
    return f"task_{ULID.from_int((instant << _RANDOM_BITS) | moved % (1 << _RANDOM_BITS))}"


def _counted(goal: Goal, task_count: int) -> Goal:
    """Return the goal with the counters of the tasks that are there. Raises InvalidInput unless all of them are."""
    items = table.query_all(goal.partition, tasks_entity.prefix(goal.goal_id))
    found, due_bound, totals = 0, 0, (0, 0, 0, 0)
    for task in map(tasks_entity.from_item, items):
        found, due_bound = found + 1, max(due_bound, task.due_at or 0)
        done, counted, completed, total = tasks_entity.contribution(task)
        totals = (totals[0] + done, totals[1] + counted, totals[2] + completed, totals[3] + total)
    if found != task_count or found > MOST_TASKS:
        raise InvalidInput.of("task_count", f"{found} tasks are there; {MOST_TASKS} are the most")
    ledger = goal.ledger._replace(
        done_weight=totals[0], counted_weight=totals[1], completed_tasks=totals[2], total_tasks=totals[3]
    )
    return goal._replace(ledger=ledger, due_bound=due_bound or None)
