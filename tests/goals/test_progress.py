"""How far a goal is, and its milestones, as callers read them."""

import pytest

from tests.goals.conftest import Stored, Travel
from tests.goals.people import MARATHON, Person


@pytest.fixture
def goal(ada: Person, travel: Travel) -> str:
    return ada.sets_goal(**MARATHON)["goal_id"]


def test_progress_is_seventy_percent_tasks_and_thirty_percent_time(ada: Person, goal: str, travel: Travel):
    tasks = [ada.adds_task(goal) for _ in range(3)]
    ada.completes(tasks[0])
    ada.completes(tasks[1])
    travel("2026-01-04T00:00:00Z")

    progress = ada.progress(goal)

    progress.pop("milestones")
    assert progress == {
        "goal_id": goal,
        "progress_percentage": 49.67,
        "progress_text": "49.7 %",
        "task_progress": 66.67,
        "task_progress_text": "66.7 %",
        "time_progress": 10,
        "time_progress_text": "10 %",
        "completed_tasks": 2,
        "total_tasks": 3,
        "pace": 56.67,
        "pace_text": "56.7 points ahead of schedule",
        "is_overdue": False,
        "is_urgent": False,
        "is_on_track": True,
        "as_of": "2026-01-04T00:00:00.000Z",
        "last_updated": "2026-01-01T00:00:00.000Z",
    }


def test_milestones_are_reached_since_an_instant_or_predicted(ada: Person, goal: str, travel: Travel):
    tasks = [ada.adds_task(goal) for _ in range(3)]
    ada.completes(tasks[0])
    ada.completes(tasks[1])
    travel("2026-01-04T00:00:00Z")

    milestones = ada.progress(goal)["milestones"]

    assert milestones[0] == {
        "id": f"milestone_25_{goal}",
        "name": "First Quarter",
        "percentage": 25,
        "description": "Reach 25% progress",
        "achieved": True,
        "achieved_at": "2026-01-01T00:00:00.000Z",
        "achieved_text": "1 Jan 2026",
        "first_achieved_at": "2026-01-01T00:00:00.000Z",
        "first_achieved_text": "1 Jan 2026",
        "predicted_at": None,
        "predicted_text": None,
    }
    assert [(each["name"], each["achieved"], each["predicted_at"]) for each in milestones[1:]] == [
        ("Halfway Point", False, "2026-01-04T08:00:00.000Z"),
        ("Three Quarters", False, "2026-01-29T08:00:00.000Z"),
        ("Complete", False, None),
    ]


def test_a_goal_without_tasks_has_the_progress_of_its_time(ada: Person, goal: str, travel: Travel):
    travel("2026-01-16T00:00:00Z")

    assert ada.progress(goal)["progress_percentage"] == 15


def test_a_goal_without_a_deadline_has_the_progress_of_its_tasks(ada: Person, travel: Travel):
    goal = ada.sets_goal()["goal_id"]
    ada.completes(ada.adds_task(goal))
    ada.adds_task(goal)
    travel("2036-01-01T00:00:00Z")

    assert ada.progress(goal)["progress_percentage"] == 50


def test_a_threshold_that_is_reached_exactly_is_reached(ada: Person, goal: str, travel: Travel):
    ada.completes(ada.adds_task(goal))
    ada.adds_task(goal)
    ada.adds_task(goal)

    travel("2026-01-27T15:59:59.999Z")
    before = ada.progress(goal)
    travel("2026-01-27T16:00:00.000Z")
    after = ada.progress(goal)

    assert (before["progress_percentage"], before["milestones"][1]["achieved"]) == (50, False)
    assert before["milestones"][1]["predicted_at"] == "2026-01-27T16:00:00.000Z"
    assert (after["progress_percentage"], after["milestones"][1]["achieved"]) == (50, True)
    assert after["milestones"][1]["achieved_at"] == "2026-01-27T16:00:00.000Z"


def test_a_milestone_that_time_reached_keeps_the_instant_at_which_it_did(
    ada: Person, goal: str, travel: Travel, stored: Stored
):
    travel("2026-01-26T12:00:00Z")
    before = stored()

    first = ada.progress(goal)["milestones"][0]
    travel("2026-01-29T12:00:00Z")
    second = ada.progress(goal)["milestones"][0]

    assert first["achieved_at"] == "2026-01-26T00:00:00.000Z"
    assert second == first
    assert stored() == before


def test_a_milestone_is_lost_and_reached_again_but_first_reached_once(ada: Person, goal: str, travel: Travel):
    ada.completes(ada.adds_task(goal))
    reached = ada.progress(goal)["milestones"][1]
    travel("2026-01-02T00:00:00Z")
    second = ada.adds_task(goal)
    lost = ada.progress(goal)["milestones"][1]
    travel("2026-01-03T00:00:00Z")
    ada.completes(second)
    again = ada.progress(goal)["milestones"][1]

    assert [each["achieved_at"] for each in (reached, lost, again)] == [
        "2026-01-01T00:00:00.000Z",
        None,
        "2026-01-03T00:00:00.000Z",
    ]
    assert {each["first_achieved_at"] for each in (reached, lost, again)} == {"2026-01-01T00:00:00.000Z"}
    assert lost["predicted_at"] == "2026-01-16T00:00:00.000Z"


@pytest.mark.parametrize("status", ["cancelled", "archived"])
def test_a_task_that_is_cancelled_or_archived_leaves_the_count(status: str, ada: Person, goal: str):
    ada.completes(ada.adds_task(goal))
    task = ada.adds_task(goal)

    ada.patch(f"/goals/{goal}/tasks/{task['task_id']}", {"status": status})

    progress = ada.progress(goal)
    assert (progress["completed_tasks"], progress["total_tasks"], progress["task_progress"]) == (1, 1, 100)


def test_a_paused_task_counts(ada: Person, goal: str):
    task = ada.adds_task(goal)

    ada.patch(f"/goals/{goal}/tasks/{task['task_id']}", {"status": "paused"})

    assert ada.progress(goal)["total_tasks"] == 1


def test_other_weights_weigh_otherwise(ada: Person, goal: str, travel: Travel):
    ada.completes(ada.adds_task(goal))
    travel("2026-01-16T00:00:00Z")

    ada.patch(f"/goals/{goal}", {"weights": {"task": 10, "time": 90}})

    assert ada.progress(goal)["progress_percentage"] == 55


def test_a_start_in_the_future_is_no_progress_until_then(ada: Person, travel: Travel):
    goal = ada.sets_goal(start_at="2026-01-11T00:00:00Z", deadline="2026-01-20", weights={"task": 0, "time": 100})

    now = ada.progress(goal["goal_id"])
    travel("2026-01-16T00:00:00Z")
    later = ada.progress(goal["goal_id"])

    assert (now["time_progress"], later["time_progress"]) == (0, 50)
    assert now["milestones"][1]["predicted_at"] == later["milestones"][1]["achieved_at"] == "2026-01-16T00:00:00.000Z"


def test_a_start_in_the_past_reached_its_milestones_then(ada: Person, travel: Travel):
    travel("2026-01-21T00:00:00Z")

    goal = ada.sets_goal(start_at="2026-01-01T00:00:00Z", deadline="2026-01-20", weights={"task": 0, "time": 100})

    assert [each["achieved_at"] for each in goal["milestones"]] == [
        "2026-01-06T00:00:00.000Z",
        "2026-01-11T00:00:00.000Z",
        "2026-01-16T00:00:00.000Z",
        "2026-01-21T00:00:00.000Z",
    ]


def test_progress_at_an_instant_is_what_will_be_if_nothing_changes(ada: Person, goal: str, travel: Travel):
    ahead = ada.progress(goal, "at=2026-01-16T12:00:00%2B12:00")
    travel("2026-01-16T00:00:00Z")

    then = ada.progress(goal)

    assert ahead == then
    assert then["progress_percentage"] == 15


def test_progress_at_an_instant_before_the_last_change_is_refused(ada: Person, goal: str, travel: Travel):
    travel("2026-01-02T00:00:00Z")
    ada.adds_task(goal)

    at_the_change = ada.get(f"/goals/{goal}/progress", "at=2026-01-02T00:00:00Z")
    before_it = ada.get(f"/goals/{goal}/progress", "at=2026-01-01T23:59:59.999Z")

    assert at_the_change.status == 200
    assert (before_it.status, before_it.code) == (422, "InstantBeforeLastChange")


@pytest.mark.parametrize("at", ["", "now", "2026-01-16", "2026-01-16T00:00:00", "3000-01-01T00:00:00Z"])
def test_an_instant_that_is_none_is_refused(at: str, ada: Person, goal: str):
    answer = ada.get(f"/goals/{goal}/progress", f"at={at}")

    assert (answer.status, answer.fields) == (422, ["at"])


def test_the_milestones_of_a_goal_are_those_of_its_progress(ada: Person, goal: str, travel: Travel):
    ada.completes(ada.adds_task(goal))
    travel("2026-01-10T00:00:00Z")

    milestones = ada.get(f"/goals/{goal}/milestones").body["items"]

    assert milestones == ada.progress(goal)["milestones"] == ada.get(f"/goals/{goal}").body["milestones"]
    assert [each["percentage"] for each in milestones] == [25, 50, 75, 100]


@pytest.mark.parametrize("tasks", [1, 30])
def test_progress_costs_one_read_however_many_tasks_there_are(tasks: int, ada: Person, goal: str, calls: list[str]):
    added = [ada.adds_task(goal) for _ in range(tasks)]
    calls.clear()
    ada.ask("goalProgress", {"goalId": goal})
    reading = calls.copy()
    calls.clear()
    ada.ask("completeTask", {"goalId": goal, "taskId": added[0]["task_id"]})

    assert reading == ["GetItem"]
    assert calls == ["BatchGetItem", "TransactWriteItems"]


@pytest.mark.parametrize("query", ["consistent=true", "consistent=false"])
def test_a_reader_can_ask_for_what_was_written_a_moment_ago(query: str, ada: Person, goal: str):
    assert ada.get(f"/goals/{goal}/progress", query).status == 200
    assert ada.get(f"/goals/{goal}", query).status == 200
    assert ada.get(f"/goals/{goal}", "consistent=perhaps").fields == ["consistent"]
