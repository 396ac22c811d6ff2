"""The chart shows what happened, as it was then; the forecast says what follows if it goes on."""

import json
from typing import Any

import pytest

from functions.goals.charts import replies as chart_replies
from tests.goals.catalogue import Scene
from tests.goals.conftest import Travel
from tests.goals.people import Person
from tests.platform.architecture import ROOT


def chart(person: Person, goal_id: str) -> dict[str, Any]:
    answer = person.get(f"/goals/{goal_id}/chart")
    assert answer.status == 200, answer.body
    return answer.body


def forecast(person: Person, goal_id: str) -> dict[str, Any]:
    answer = person.get(f"/goals/{goal_id}/forecast")
    assert answer.status == 200, answer.body
    return answer.body


def work(person: Person, goal_id: str) -> list[list[Any]]:
    """Return what the samples say of the tasks: day, weight done, weight counted."""
    samples = chart(person, goal_id)["samples"]
    return [[each["date"], each["done_weight"], each["scope_weight"]] for each in samples]


def progress(person: Person, goal_id: str) -> list[list[Any]]:
    return [[each["at"], each["progress_percentage"]] for each in chart(person, goal_id)["samples"]]


def test_the_example_of_the_reference_is_what_is_answered(ada: Person, travel: Travel):
    travel("2026-01-01T08:00:00Z")
    goal_id = ada.sets_goal(start_at="2026-01-01T00:00:00Z", deadline="2026-01-30")["goal_id"]
    task, _ = (ada.adds_task(goal_id) for _ in range(2))
    travel("2026-01-05T09:30:00Z")
    ada.completes(task)
    ada.adds_task(goal_id)
    travel("2026-01-06T08:00:00Z")

    (example,) = chart_replies.GoalChart.model_config["json_schema_extra"]["examples"]
    milestones = [{**each, "id": each["id"].partition("_goal_")[0]} for each in example["milestones"]]
    found = chart(ada, goal_id)
    assert [{**each, "id": each["id"].partition("_goal_")[0]} for each in found["milestones"]] == milestones
    assert {**found, "goal_id": "", "milestones": []} == {**example, "goal_id": "", "milestones": []}
    assert forecast(ada, goal_id) == {"goal_id": goal_id, **example["forecast"], "as_of": example["as_of"]}


def test_the_page_about_charts_shows_the_same_example():
    page = (ROOT / "docs" / "charts.md").read_text(encoding="utf-8")
    (example,) = chart_replies.GoalChart.model_config["json_schema_extra"]["examples"]

    shown = json.loads(page.split("```json\n")[1].split("```")[0])
    assert shown["samples"] == example["samples"]
    assert shown.items() <= example.items()


def test_scope_added_later_shows_as_scope_added_later(ada: Person, travel: Travel):
    travel("2026-03-01T10:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    ada.completes(ada.adds_task(goal_id, weight=2))
    travel("2026-03-05T10:00:00Z")
    ada.adds_task(goal_id, weight=3)

    assert work(ada, goal_id) == [
        ["2026-03-01", 0, 0],
        ["2026-03-01", 2, 2],
        ["2026-03-04", 2, 2],
        ["2026-03-05", 2, 5],
    ]


def test_a_task_that_was_reopened_was_done_until_then(ada: Person, travel: Travel):
    travel("2026-03-01T10:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    task = ada.adds_task(goal_id)
    ada.completes(task)
    travel("2026-03-02T10:00:00Z")
    ada.post(f"/goals/{goal_id}/tasks/{task['task_id']}/reopen")
    travel("2026-03-03T10:00:00Z")

    assert work(ada, goal_id)[1:] == [["2026-03-01", 1, 1], ["2026-03-02", 0, 1], ["2026-03-03", 0, 1]]


def test_a_task_that_was_deleted_was_there_until_then(ada: Person, travel: Travel):
    travel("2026-03-01T10:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    task, _ = (ada.adds_task(goal_id) for _ in range(2))
    travel("2026-03-02T10:00:00Z")
    ada.delete(f"/goals/{goal_id}/tasks/{task['task_id']}")

    assert work(ada, goal_id)[1:] == [["2026-03-01", 0, 2], ["2026-03-02", 0, 1]]


def test_of_a_day_its_end_is_shown(ada: Person, travel: Travel):
    travel("2026-03-01T00:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    for time in ("08:00", "12:00", "23:59"):
        travel(f"2026-03-02T{time}:00Z")
        ada.completes(ada.adds_task(goal_id))
    travel("2026-03-04T00:00:00Z")

    assert work(ada, goal_id)[1:] == [["2026-03-01", 0, 0], ["2026-03-02", 3, 3], ["2026-03-04", 3, 3]]


def test_a_moved_deadline_leaves_the_past_as_it_was(ada: Person, travel: Travel):
    travel("2026-03-01T00:00:00Z")
    goal_id = ada.sets_goal(deadline="2026-03-10", weights={"task": 0, "time": 100})["goal_id"]
    travel("2026-03-06T00:00:00Z")
    ada.patch(f"/goals/{goal_id}", {"deadline": "2026-03-20"})
    travel("2026-03-11T00:00:00Z")

    assert progress(ada, goal_id) == [
        ["2026-03-01T00:00:00.000Z", 0],
        ["2026-03-01T23:59:59.999Z", 10],
        ["2026-03-05T23:59:59.999Z", 50],
        ["2026-03-06T23:59:59.999Z", 30],
        ["2026-03-11T00:00:00.000Z", 50],
    ]


def test_there_is_a_sample_where_time_begins_and_where_it_ends(ada: Person, travel: Travel):
    travel("2026-03-01T00:00:00Z")
    sent = {"start_at": "2026-03-05T12:00:00Z", "deadline": "2026-03-09", "time_zone": "Asia/Tokyo"}
    goal_id = ada.sets_goal(**sent, weights={"task": 0, "time": 100})["goal_id"]
    travel("2026-03-20T00:00:00Z")

    assert progress(ada, goal_id) == [
        ["2026-03-01T00:00:00.000Z", 0],
        ["2026-03-01T23:59:59.999Z", 0],
        ["2026-03-04T23:59:59.999Z", 0],
        ["2026-03-05T23:59:59.999Z", 12.12],
        ["2026-03-08T23:59:59.999Z", 84.85],
        ["2026-03-09T23:59:59.999Z", 100],
        ["2026-03-20T00:00:00.000Z", 100],
    ]


def test_a_goal_without_a_deadline_has_no_time_progress(ada: Person, travel: Travel):
    travel("2026-03-01T00:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    travel("2026-03-02T00:00:00Z")

    shown = chart(ada, goal_id)
    assert shown["end_at"] is None
    assert [each["time_progress"] for each in shown["samples"]] == [None, None, None]
    assert shown["forecast"]["state"] == "empty"


def test_a_completed_goal_stays_at_its_end_until_it_is_reopened(ada: Person, travel: Travel):
    travel("2026-03-01T00:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    ada.adds_task(goal_id)
    travel("2026-03-02T00:00:00Z")
    ada.post(f"/goals/{goal_id}/complete")
    done = forecast(ada, goal_id)
    travel("2026-03-05T00:00:00Z")
    ada.post(f"/goals/{goal_id}/reopen")

    assert [value for _, value in progress(ada, goal_id)] == [0, 0, 100, 100, 0]
    assert (done["state"], done["reason"]) == ("done", "The goal is completed.")


@pytest.mark.parametrize(("action", "status"), [("archive", "archived"), ("pause", "paused")])
def test_a_goal_that_does_not_go_on_has_no_forecast(action: str, status: str, ada: Person, travel: Travel):
    travel("2026-03-01T00:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    ada.adds_task(goal_id)
    ada.post(f"/goals/{goal_id}/{action}")

    told = forecast(ada, goal_id)
    assert (told["state"], told["remaining_weight"], told["p50_at"]) == ("resting", 1, None)
    assert status in told["reason"]


def test_a_forecast_follows_the_own_pace_and_is_the_same_for_everybody(ada: Person, scene: Scene, bob: Person):
    told = forecast(ada, scene.goal_id)

    assert told["state"] == "too_little_history"
    assert forecast(bob, scene.goal_id) == told


def test_steady_work_is_expected_to_go_on(ada: Person, travel: Travel):
    travel("2026-03-01T12:00:00Z")
    goal_id = ada.sets_goal(deadline="2026-12-31")["goal_id"]
    steps = [ada.adds_task(goal_id) for _ in range(20)]
    for day, step in enumerate(steps[:10], start=2):
        travel(f"2026-03-{day:02}T12:00:00Z")
        ada.completes(step)

    told = forecast(ada, goal_id)
    assert (told["state"], told["remaining_weight"], told["draws"]) == ("dated", 10, 1000)
    assert "2026-03-17" <= told["p50_at"] <= told["p85_at"] <= told["p95_at"] < "2026-04-10"
    assert chart(ada, goal_id)["forecast"].items() <= told.items()
    assert told["assumptions"] != []


def test_a_viewer_sees_the_chart_and_a_stranger_does_not(ada: Person, bob: Person, eve: Person, scene: Scene):
    assert chart(bob, scene.goal_id) == chart(ada, scene.goal_id)
    assert eve.get(f"/goals/{scene.goal_id}/chart").code == "GoalNotFound"
    assert eve.get(f"/goals/{scene.goal_id}/forecast").code == "GoalNotFound"


def test_a_chart_and_a_forecast_are_two_calls(ada: Person, travel: Travel, scene: Scene, calls: list[str]):
    travel("2026-11-25T12:00:00Z")
    ada.adds_task(scene.goal_id)
    for path in ("chart", "forecast"):
        calls.clear()
        ada.get(f"/goals/{scene.goal_id}/{path}")

        assert [each for each in calls if each != "BatchGetItem"] == ["GetItem", "Query"]


def test_the_graphql_fields_answer_the_same(ada: Person, scene: Scene):
    shown = ada.ask("goalChart", {"goalId": scene.goal_id}).data
    told = ada.ask("goalForecast", {"goalId": scene.goal_id}).data

    assert [each["date"] for each in shown["samples"]] == ["2026-11-20", "2026-11-20"]
    assert shown["forecast"].items() <= told.items()
    assert told["remainingWeight"] == 1
