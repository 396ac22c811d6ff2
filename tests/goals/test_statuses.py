"""The status of a goal: which transitions there are, and what each does to progress."""

import pytest

from tests.goals.conftest import Happened, Stored, Travel
from tests.goals.people import MARATHON, Person

TO_REACH = {"active": [], "paused": ["pause"], "completed": ["complete"], "archived": ["archive"]}
ALLOWED = {
    ("active", "pause"): ("paused", "goals.goal.paused"),
    ("active", "complete"): ("completed", "goals.goal.completed"),
    ("active", "archive"): ("archived", "goals.goal.archived"),
    ("paused", "resume"): ("active", "goals.goal.resumed"),
    ("paused", "complete"): ("completed", "goals.goal.completed"),
    ("paused", "archive"): ("archived", "goals.goal.archived"),
    ("completed", "reopen"): ("active", "goals.goal.reopened"),
    ("completed", "archive"): ("archived", "goals.goal.archived"),
    ("archived", "reopen"): ("active", "goals.goal.reopened"),
}
ACTIONS = ["pause", "resume", "complete", "reopen", "archive"]
OTHERS = [(status, action) for status in TO_REACH for action in ACTIONS if (status, action) not in ALLOWED]


def goal_that_is(status: str, ada: Person) -> str:
    goal = ada.sets_goal(**MARATHON)
    for action in TO_REACH[status]:
        ada.post(f"/goals/{goal['goal_id']}/{action}")
    return f"/goals/{goal['goal_id']}"


@pytest.mark.parametrize(("status", "action"), ALLOWED)
def test_a_goal_moves_from_status_to_status(status: str, action: str, ada: Person, travel: Travel, happened: Happened):
    path = goal_that_is(status, ada)
    before = ada.get(path).body

    answer = ada.post(f"{path}/{action}")

    after, event = ALLOWED[status, action]
    assert (answer.status, answer.body["status"]) == (200, after)
    assert answer.body["version"] == before["version"] + 1
    assert answer.headers["ETag"] == f'"{answer.body["version"]}"'
    assert ada.get(path).body == answer.body
    assert event in [each["event_type"] for each in happened(ada, before["goal_id"])]


@pytest.mark.parametrize(("status", "action"), OTHERS)
def test_any_other_transition_is_a_conflict_and_writes_nothing(
    status: str, action: str, ada: Person, travel: Travel, stored: Stored
):
    path = goal_that_is(status, ada)
    before = stored()

    answer = ada.post(f"{path}/{action}")

    assert (answer.status, answer.code) == (409, "TransitionNotAllowed")
    assert stored() == before


def test_a_completed_goal_has_all_of_its_progress_whatever_happens_to_its_tasks(ada: Person, travel: Travel):
    goal = ada.sets_goal(**MARATHON)
    task = ada.adds_task(goal["goal_id"])
    travel("2026-01-05T00:00:00Z")
    ada.post(f"/goals/{goal['goal_id']}/complete")
    travel("2026-01-06T00:00:00Z")
    ada.completes(task)
    ada.post(f"/goals/{goal['goal_id']}/tasks/{task['task_id']}/reopen")

    progress = ada.progress(goal["goal_id"])

    assert (progress["progress_percentage"], progress["task_progress"]) == (100, 0)
    assert [each["achieved_at"] for each in progress["milestones"]] == ["2026-01-05T00:00:00.000Z"] * 4


def test_reopening_a_completed_goal_brings_its_own_progress_back(ada: Person, travel: Travel):
    goal = ada.sets_goal(**MARATHON)
    ada.adds_task(goal["goal_id"])
    ada.post(f"/goals/{goal['goal_id']}/complete")
    travel("2026-01-16T00:00:00Z")

    reopened = ada.post(f"/goals/{goal['goal_id']}/reopen").body

    assert reopened["progress"]["progress_percentage"] == 15
    assert [each["achieved"] for each in reopened["milestones"]] == [False] * 4
    assert [each["first_achieved_at"] for each in reopened["milestones"]] == ["2026-01-01T00:00:00.000Z"] * 4
    assert [each["predicted_at"] for each in reopened["milestones"]] == [
        "2026-01-26T00:00:00.000Z",
        None,
        None,
        None,
    ]


def test_an_archived_goal_keeps_the_progress_it_had(ada: Person, travel: Travel):
    goal = ada.sets_goal(**MARATHON)
    task = ada.adds_task(goal["goal_id"])
    travel("2026-01-16T00:00:00Z")
    ada.post(f"/goals/{goal['goal_id']}/archive")
    travel("2026-06-01T00:00:00Z")
    ada.completes(task)

    progress = ada.progress(goal["goal_id"])

    assert (progress["progress_percentage"], progress["time_progress"]) == (15, 100)
    assert [each["achieved"] for each in progress["milestones"]] == [False] * 4
    assert [each["predicted_at"] for each in progress["milestones"]] == [None] * 4


def test_archiving_a_completed_goal_keeps_all_of_its_progress(ada: Person, travel: Travel):
    path = goal_that_is("completed", ada)
    ada.post(f"{path}/archive")
    travel("2027-01-01T00:00:00Z")

    assert ada.get(f"{path}/progress").body["progress_percentage"] == 100


def test_time_runs_on_while_a_goal_is_paused(ada: Person, travel: Travel):
    path = goal_that_is("paused", ada)
    travel("2026-01-16T00:00:00Z")

    assert ada.get(f"{path}/progress").body["progress_percentage"] == 15


@pytest.mark.parametrize("action", ACTIONS)
def test_a_transition_takes_no_body(action: str, ada: Person, travel: Travel):
    path = goal_that_is({"resume": "paused", "reopen": "completed"}.get(action, "active"), ada)

    answer = ada.post(f"{path}/{action}", {"status": "archived"})

    assert answer.status == 200
    assert answer.body["status"] != "archived" or action == "archive"


def test_only_active_goals_count_as_active(ada: Person, travel: Travel):
    paths = [goal_that_is(status, ada) for status in TO_REACH]
    assert ada.ask("activeGoalsCount", {}).data == 1

    ada.post(f"{paths[1]}/resume")
    ada.post(f"{paths[2]}/reopen")
    ada.post(f"{paths[3]}/reopen")
    assert ada.ask("activeGoalsCount", {}).data == 4

    ada.delete(paths[0])
    assert ada.ask("activeGoalsCount", {}).data == 3
