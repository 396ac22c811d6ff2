"""What the system that Milepost replaces gets wrong (rules, section 6): a test for each, by its name there.

`any signature accepted by the authorizer` and GraphQL trusting it are in
tests/identity/access_tokens/test_forged_tokens.py and tests/identity/test_authorizing.py, `lost updates when two tasks
are completed at once` in test_races.py.
"""

import pytest

from shared.aws.client import NoAnswer
from tests.aws import hooks
from tests.goals.catalogue import LISTS, ORPHANED, Route, Scene
from tests.goals.conftest import Stored, Travel, orphaned
from tests.goals.people import MARATHON, Person


@pytest.fixture
def goal(ada: Person, travel: Travel) -> str:
    return ada.sets_goal(**MARATHON)["goal_id"]


def test_progress_is_saved_and_not_as_a_float(ada: Person, goal: str, stored: Stored):
    ada.adds_task(goal)
    ada.adds_task(goal)
    ada.completes(ada.adds_task(goal))

    item = stored()[f"USER#{ada.user_id}", f"GOAL#{goal}"]
    assert (item["done_weight"], item["counted_weight"]) == (1, 3)
    assert [value for value in item.values() if isinstance(value, float)] == []


def test_achieved_at_does_not_change_with_every_read(ada: Person, goal: str, travel: Travel):
    ada.completes(ada.adds_task(goal))
    travel("2026-01-02T00:00:00Z")
    first = ada.progress(goal)["milestones"]
    travel("2026-01-03T00:00:00Z")
    second = ada.progress(goal)["milestones"]

    assert first[0]["achieved_at"] == "2026-01-01T00:00:00.000Z"
    assert [each["achieved_at"] for each in first] == [each["achieved_at"] for each in second]


def test_26_tasks_count_as_26(ada: Person, goal: str):
    for _ in range(26):
        ada.adds_task(goal)

    assert ada.progress(goal)["total_tasks"] == 26
    assert len(ada.get(f"/goals/{goal}/tasks", "limit=100").body["items"]) == 26


def test_progress_of_10_goals_costs_one_query(ada: Person, travel: Travel, calls: list[str]):
    for _ in range(10):
        ada.adds_task(ada.sets_goal()["goal_id"])
    calls.clear()

    reply = ada.ask("myGoalsProgress", {})

    assert len(reply.data["items"]) == 10
    assert calls == ["Query"]


@pytest.mark.parametrize("server_time_zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_goal_is_not_overdue_on_its_last_good_day_wherever_the_server_stands(
    server_time_zone: str, ada: Person, travel: Travel, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TZ", server_time_zone)
    goal = ada.sets_goal(**MARATHON, time_zone="Europe/Berlin")["goal_id"]

    travel("2026-01-30T22:59:59.999Z")
    last_good = ada.progress(goal)["is_overdue"]
    travel("2026-01-30T23:00:00.000Z")
    first_bad = ada.progress(goal)["is_overdue"]

    assert (last_good, first_bad) == (False, True)


def test_time_progress_does_not_jump_from_0_to_100(ada: Person, travel: Travel):
    goal = ada.sets_goal(start_at="2026-01-01T00:00:00Z", deadline="2026-01-01")["goal_id"]

    travel("2026-01-01T06:00:00Z")
    quarter = ada.progress(goal)["time_progress"]
    travel("2026-01-01T18:00:00Z")
    three_quarters = ada.progress(goal)["time_progress"]

    assert (quarter, three_quarters) == (25, 75)


def test_a_read_racing_a_delete_does_not_bring_the_goal_back(ada: Person, goal: str, stored: Stored):
    hooks.register("after-call.dynamodb.GetItem", _once(lambda: ada.delete(f"/goals/{goal}")))

    ada.ask("goalProgress", {"goalId": goal})

    assert ada.get(f"/goals/{goal}").status == 404
    assert (f"USER#{ada.user_id}", f"GOAL#{goal}") not in stored()


def test_a_change_racing_a_delete_does_not_bring_the_goal_back(ada: Person, scene: Scene, stored: Stored):
    hooks.register("after-call.dynamodb.BatchGetItem", _once(lambda: ada.delete(f"/goals/{scene.goal_id}")))

    reply = ada.ask("completeTask", {"goalId": scene.goal_id, "taskId": scene.task_id})

    assert reply.error_type == "GoalNotFound"
    assert (f"USER#{ada.user_id}", f"GOAL#{scene.goal_id}") not in stored()


def _once(act: object) -> object:
    acts = [act]

    def call(**_: object) -> None:
        if acts:
            acts.pop()()

    return call


@pytest.mark.parametrize("field", ["tasks", "goalProgress", "goal"])
def test_a_table_that_does_not_answer_is_not_reported_as_no_tasks(field: str, ada: Person, goal: str):
    hooks.register("before-call.dynamodb", _refuse)

    reply = ada.ask(field, {"goalId": goal})

    assert (reply.data, reply.error_type, reply.info["status"]) == (None, "Unavailable", 503)


def _refuse(**_: object) -> None:
    raise NoAnswer("closed")


def test_reading_a_goal_is_not_a_405(ada: Person, goal: str):
    assert ada.get(f"/goals/{goal}").status == 200


def test_changing_only_the_due_date_is_not_a_500(ada: Person, goal: str):
    task = ada.adds_task(goal)

    answer = ada.patch(f"/goals/{goal}/tasks/{task['task_id']}", {"due_at": "2026-01-20T18:00:00Z"})

    assert (answer.status, answer.body["due_at"]) == (200, "2026-01-20T18:00:00.000Z")


@pytest.mark.parametrize("day", ["2026-02-30", "2026-04-31", "2027-02-29", "2026-00-10"])
def test_impossible_dates_are_not_accepted(day: str, ada: Person, travel: Travel):
    assert ada.post("/goals", {"title": "Run", "deadline": day}).fields == ["deadline"]


@pytest.mark.parametrize("status", ["active", "paused", "completed", "archived"])
def test_a_status_filter_works(status: str, ada: Person, goal: str):
    answer = ada.get("/goals", f"status={status}")

    assert answer.status == 200
    assert len(answer.body["items"]) == (1 if status == "active" else 0)


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_every_list_has_pages(route: Route, ada: Person, bob: Person, scene: Scene):
    scene = orphaned(bob, ada) if route in ORPHANED else scene

    assert "next_cursor" in ada.get(route.path(scene), "limit=1").body
