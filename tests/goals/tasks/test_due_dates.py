"""Due dates of open tasks when the deadline of their goal comes nearer."""

import pytest

from tests.goals.conftest import Stored, Travel
from tests.goals.people import MARATHON, Person

NEARER = "2026-01-15"
ITS_END = "2026-01-16T00:00:00.000Z"


@pytest.fixture
def goal(ada: Person, travel: Travel) -> str:
    return ada.sets_goal(**MARATHON)["goal_id"]


def test_a_deadline_before_the_due_date_of_an_open_task_is_a_conflict(ada: Person, goal: str, stored: Stored):
    ada.adds_task(goal, due_at="2026-01-16T00:00:00.001Z")
    before = stored()

    answer = ada.patch(f"/goals/{goal}", {"deadline": NEARER})

    assert (answer.status, answer.code) == (409, "DueDatesBeyondDeadline")
    assert stored() == before


@pytest.mark.parametrize(
    "task", [{"due_at": ITS_END}, {"due_at": "2026-01-10T00:00:00Z"}, {}], ids=["at the end", "before", "never"]
)
def test_a_task_that_is_due_in_time_does_not_hold_the_deadline(task: dict, ada: Person, goal: str):
    ada.adds_task(goal, **task)

    assert ada.patch(f"/goals/{goal}", {"deadline": NEARER}).status == 200


@pytest.mark.parametrize("status", ["completed", "cancelled", "archived"])
def test_a_closed_task_does_not_hold_the_deadline_and_keeps_its_due_date(status: str, ada: Person, goal: str):
    task = ada.adds_task(goal, due_at="2026-01-20T00:00:00Z")
    path = f"/goals/{goal}/tasks/{task['task_id']}"
    ada.patch(path, {"status": status})

    answer = ada.patch(f"/goals/{goal}", {"deadline": NEARER, "clamp_tasks": True})

    assert answer.status == 200
    assert ada.get(path).body["due_at"] == "2026-01-20T00:00:00.000Z"


@pytest.mark.parametrize(("status", "version"), [("active", 2), ("paused", 3)])
def test_clamping_brings_open_tasks_forward(status: str, version: int, ada: Person, goal: str):
    task = ada.adds_task(goal, due_at="2026-01-20T00:00:00Z")
    early = ada.adds_task(goal, due_at="2026-01-10T00:00:00Z")
    path = f"/goals/{goal}/tasks/{task['task_id']}"
    ada.patch(path, {"status": status})

    answer = ada.patch(f"/goals/{goal}", {"deadline": NEARER, "clamp_tasks": True}, if_match="*")

    clamped = ada.get(path).body
    assert (answer.status, answer.body["deadline"]) == (200, NEARER)
    assert (clamped["due_at"], clamped["status"], clamped["version"]) == (
        ITS_END,
        status,
        3 if status != "active" else 2,
    )
    assert ada.get(f"/goals/{goal}/tasks/{early['task_id']}").body == early


def test_160_late_tasks_are_clamped_with_one_request_and_its_if_match(ada: Person, travel: Travel):
    travel("2026-06-01T00:00:00Z")
    history = [
        {
            "at": "2026-05-01T00:00:00Z",
            "event": "task_added",
            "task": str(number),
            "title": f"Run {number}",
            "due_at": "2026-12-01T00:00:00Z",
        }
        for number in range(160)
    ]
    sent = {"title": "Run", "start_at": "2026-05-01T00:00:00Z", "deadline": "2026-12-31", "history": history}
    goal = ada.post("/goals/import", sent).body["goal_id"]

    stale = ada.patch(f"/goals/{goal}", {"deadline": "2026-10-31", "clamp_tasks": True}, if_match='"7"')
    answer = ada.patch(f"/goals/{goal}", {"deadline": "2026-10-31", "clamp_tasks": True}, if_match='"1"')

    pages = [ada.get(f"/goals/{goal}/tasks", "limit=100").body]
    pages.append(ada.get(f"/goals/{goal}/tasks", f"limit=100&cursor={pages[0]['next_cursor']}").body)
    assert (stale.status, answer.status, answer.body["deadline"]) == (412, 200, "2026-10-31")
    assert [task["due_at"] for page in pages for task in page["items"]] == ["2026-11-01T00:00:00.000Z"] * 160


@pytest.mark.parametrize("change", [{"time_zone": "Pacific/Kiritimati"}, {"deadline": "2026-01-29"}])
def test_whatever_brings_the_end_forward_looks_at_the_tasks(change: dict, ada: Person, goal: str):
    ada.adds_task(goal, due_at="2026-01-31T00:00:00Z")

    assert ada.patch(f"/goals/{goal}", change).code == "DueDatesBeyondDeadline"


def test_taking_the_deadline_away_leaves_the_due_dates(ada: Person, goal: str):
    task = ada.adds_task(goal, due_at="2026-01-31T00:00:00Z")

    answer = ada.patch(f"/goals/{goal}", {"deadline": None})

    assert answer.status == 200
    assert ada.get(f"/goals/{goal}/tasks/{task['task_id']}").body == task


def test_changing_only_the_due_date_works(ada: Person, goal: str):
    task = ada.adds_task(goal)

    answer = ada.patch(f"/goals/{goal}/tasks/{task['task_id']}", {"due_at": "2026-01-20T18:00:00+01:00"})

    assert (answer.status, answer.body["due_at"]) == (200, "2026-01-20T17:00:00.000Z")


def test_a_closed_task_that_was_due_too_late_cannot_be_reopened_as_it_is(ada: Person, goal: str, stored: Stored):
    task = ada.adds_task(goal, due_at="2026-01-20T00:00:00Z")
    ada.completes(task)
    ada.patch(f"/goals/{goal}", {"deadline": NEARER})
    before = stored()

    answer = ada.post(f"/goals/{goal}/tasks/{task['task_id']}/reopen")
    unchanged = stored()
    moved = ada.patch(f"/goals/{goal}/tasks/{task['task_id']}", {"status": "active", "due_at": None})

    assert (answer.status, answer.fields) == (422, ["due_at"])
    assert unchanged == before
    assert (moved.status, moved.body["status"]) == (200, "active")
