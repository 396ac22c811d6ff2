"""What somebody makes up of a goal's past does not come in: each lie is refused by the name of its field."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.goals.people import Person
from tests.goals.transfer.carrying import Document, document, original, sends

__all__ = ["document", "original"]

REACHED = "2026-01-03T08:00:00Z"
LIES: dict[str, tuple[str, Callable[[Document, list[Document]], Any]]] = {
    "more progress at the end": (
        "fixed_progress",
        lambda goal, _: goal.update(status="archived", fixed_progress="101/1"),
    ),
    "a fixed progress of an active goal": ("fixed_progress", lambda goal, _: goal.update(fixed_progress="50/1")),
    "completed, but not to the end": (
        "fixed_progress",
        lambda goal, _: goal.update(status="completed", fixed_progress="99/1"),
    ),
    "a milestone reached that is not": ("achieved_at.1", lambda goal, _: _reach(goal, 1, REACHED)),
    "a milestone reached too early": ("achieved_at.0", lambda goal, _: _reach(goal, 0, "2026-01-02T08:00:00Z")),
    "a milestone reached before the goal": ("achieved_at.0", lambda goal, _: _reach(goal, 0, "2025-12-30T08:00:00Z")),
    "a milestone reached after the end": ("achieved_at.0", lambda goal, _: _reach(goal, 0, "2026-01-06T08:00:00Z")),
    "a milestone that was never reached": ("first_achieved_at.0", lambda goal, _: _forget(goal, "first_achieved_at")),
    "a milestone that is not reached, but was": ("achieved_at.0", lambda goal, _: _forget(goal, "achieved_at")),
    "reached later than at first": (
        "first_achieved_at.0",
        lambda goal, _: goal["first_achieved_at"].__setitem__(0, "2026-01-04T08:00:00Z"),
    ),
    "the higher before the lower": (
        "first_achieved_at.1",
        lambda goal, _: goal["first_achieved_at"].__setitem__(1, "2026-01-02T08:00:00Z"),
    ),
    "a first that history does not know": (
        "first_achieved_at.1",
        lambda goal, _: goal["first_achieved_at"].__setitem__(1, "2026-01-04T08:00:00Z"),
    ),
    "two points of a day": (
        "history.1.changed_at",
        lambda goal, _: goal["history"].insert(1, dict(goal["history"][1])),
    ),
    "history out of order": ("history.0.changed_at", lambda goal, _: goal["history"].reverse()),
    "a point after the last change": (
        "history.1.changed_at",
        lambda goal, _: goal["history"][1].update(changed_at="2026-01-06T08:00:00Z"),
    ),
    "more done than there was": (
        "history.0.completed_tasks",
        lambda goal, _: goal["history"][0].update(completed_tasks=9, done_weight=9),
    ),
    "weights that no tasks have": (
        "history.0.counted_weight",
        lambda goal, _: goal["history"][0].update(counted_weight=9001),
    ),
    "a day that ended before it began": (
        "history.0.end_at",
        lambda goal, _: goal["history"][0].update(end_at="2025-12-31T00:00:00Z"),
    ),
    "changed in the future": ("updated_at", lambda goal, _: goal.update(updated_at="2026-02-01T00:00:00Z")),
    "changed after its last change": ("changed_at", lambda goal, _: goal.update(changed_at="2026-01-24T00:00:00Z")),
    "set after its last change": ("created_at", lambda goal, _: goal.update(created_at="2026-01-24T00:00:00Z")),
    "a deadline before the start": ("deadline", lambda goal, _: goal.update(deadline="2025-12-31")),
    "a deadline in eleven years": ("deadline", lambda goal, _: goal.update(deadline="2037-12-31")),
    "a title too short": ("title", lambda goal, _: goal.update(title="x")),
    "an owner": ("owner_id", lambda goal, _: goal.update(owner_id="user_01KAFWZZ2C4E6G8J0K3M5N7PQR")),
    "counters": ("done_weight", lambda goal, _: goal.update(done_weight=99)),
    "a task less": ("task_count", lambda _, tasks: tasks.pop()),
    "a task done that was not": ("achieved_at.1", lambda _, tasks: tasks[2].update(_done())),
    "a task not done that was": ("achieved_at.0", lambda _, tasks: tasks[0].update(status="active", completed_at=None)),
    "another weight": ("achieved_at.0", lambda _, tasks: tasks[1].update(weight=1000)),
    "done without an instant": ("tasks.0.completed_at", lambda _, tasks: tasks[0].update(completed_at=None)),
    "an instant without being done": ("tasks.1.completed_at", lambda _, tasks: tasks[1].update(completed_at=REACHED)),
    "done before it was there": (
        "tasks.0.completed_at",
        lambda _, tasks: tasks[0].update(completed_at="2025-12-31T00:00:00Z"),
    ),
    "done after the last change": (
        "tasks.0.completed_at",
        lambda _, tasks: tasks[0].update(completed_at="2026-01-06T00:00:00Z", updated_at="2026-01-06T00:00:00Z"),
    ),
    "a task changed after its goal": (
        "tasks.1.updated_at",
        lambda _, tasks: tasks[1].update(updated_at="2026-01-24T00:00:00Z"),
    ),
    "a task due after the end": ("tasks.1.due_at", lambda _, tasks: tasks[1].update(due_at="2026-02-20T00:00:00Z")),
    "the same task twice": ("tasks", lambda _, tasks: tasks.append(dict(tasks[0]))),
    "no id of a task": ("tasks.0.task_id", lambda _, tasks: tasks[0].update(task_id="task_1#GOAL#2")),
    "somebody who created it": ("tasks.0.created_by", lambda _, tasks: tasks[0].update(created_by="user_1")),
}


def _reach(goal: Document, index: int, at: str) -> None:
    for name in ("achieved_at", "first_achieved_at"):
        goal[name][index] = at


def _forget(goal: Document, name: str) -> None:
    goal[name] = [None] * 4


def _done() -> Document:
    return {"status": "completed", "completed_at": REACHED, "updated_at": REACHED}


@pytest.mark.parametrize(("field", "lie"), LIES.values(), ids=LIES)
def test_a_lie_is_refused_by_its_name(
    eve: Person, document: Document, field: str, lie: Callable[[Document, list[Document]], Any]
):
    told, count = copy.deepcopy(document), len(document["tasks"])
    lie(told["goal"], told["tasks"])

    answer = sends(eve, told, tasks=count)

    assert (answer.status, answer.fields) == (422, [field])
    assert eve.get("/goals").body["items"] == []


def test_a_lie_about_the_past_costs_no_write(eve: Person, document: Document, calls: list[str]):
    document["goal"]["history"].reverse()
    eve.post("/goals/restore", document["goal"])

    assert [name for name in calls if "Write" in name or "Put" in name] == []
