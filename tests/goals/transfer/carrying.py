"""A goal that is carried to another account: what it is, what its export says of it, and how it is restored."""

from typing import Any

import pytest

from functions.goals.transfer.shapes import GoalRestore, TasksRestore
from tests.aws.entries import Answer
from tests.goals.catalogue import example
from tests.goals.conftest import Travel
from tests.goals.people import Person

Document = dict[str, Any]


@pytest.fixture
def original(ada: Person, travel: Travel) -> str:
    """A goal with three days of history, a milestone reached by a task and one by time, and tasks of every kind."""
    travel("2026-01-01T08:00:00Z")
    sent = {"start_at": "2026-01-01T00:00:00Z", "deadline": "2026-01-30", "answers": {"firstStep": "Buy shoes."}}
    goal_id = ada.sets_goal(**sent, tags=["running"], category="health")["goal_id"]
    shoes = ada.adds_task(goal_id, title="Shoes", weight=2, tags=["gear"])
    ada.adds_task(goal_id, title="Run", due_at="2026-01-20T18:00:00Z")
    ada.adds_task(goal_id, title="Swim", weight=2)
    travel("2026-01-03T08:00:00Z")
    ada.post(f"/goals/{goal_id}/tasks/{shoes['task_id']}/complete", {"completion_note": "Blue ones."})
    travel("2026-01-05T08:00:00Z")
    late = ada.adds_task(goal_id, title="Fly")
    ada.patch(f"/goals/{goal_id}/tasks/{late['task_id']}", {"status": "cancelled"})
    travel("2026-01-25T08:00:00Z")
    return goal_id


@pytest.fixture
def document(ada: Person, original: str) -> Document:
    """What the export of the goal says of it."""
    return ada.get(f"/goals/{original}/export").body


def begun(person: Person) -> str:
    """Begin to restore the goal of the reference and send its task; return under which id it is on its way."""
    goal, tasks = (example(model) for model in (GoalRestore, TasksRestore))
    goal_id = person.post("/goals/restore", goal).body["goal_id"]
    assert person.post(f"/goals/restore/{goal_id}/tasks", tasks).status == 200
    return str(goal_id)


def sends(person: Person, document: Document, *, tasks: int | None = None) -> Answer:
    """Restore what was exported, over REST, and return the first answer that is a refusal, or else the last one."""
    begun = person.post("/goals/restore", document["goal"])
    if begun.status != 201:
        return begun
    place = f"/goals/restore/{begun.body['goal_id']}"
    added = person.post(f"{place}/tasks", {"tasks": document["tasks"]})
    count = len(document["tasks"]) if tasks is None else tasks
    return added if added.status != 200 else person.post(f"{place}/finish", {"task_count": count})
