"""Checks of rows: the answer is that of the writes, row by row, and nothing is written."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import ids
from tests.goals.catalogue import Scene
from tests.goals.conftest import Stored, Travel
from tests.goals.people import Person

NOW = "2026-11-20T12:00:00Z"
TASK = {"title": "First 20 km run"}
GOAL = {"title": "Learn to swim"}
TOKYO = {"title": "See Tokyo", "deadline": "2026-12-24", "time_zone": "Asia/Tokyo"}
ENDS = "2026-12-24T15:00:00Z"
AFTER = "2026-12-24T15:00:00.001Z"

ROWS = [
    ({"goal": GOAL, "task": TASK}, []),
    ({"goal": TOKYO, "task": {**TASK, "due_at": ENDS}}, []),
    ({"goal": TOKYO, "task": {**TASK, "due_at": AFTER}}, ["task.due_at"]),
    ({"goal": {**GOAL, "title": "ab"}, "task": TASK}, ["goal.title"]),
    ({"goal": {**GOAL, "deadline": "2026-11-19"}, "task": TASK}, ["goal.deadline"]),
    ({"goal": {**GOAL, "deadline": "2026-02-30"}, "task": TASK}, ["goal.deadline"]),
    ({"goal": {**GOAL, "deadline": "2036-11-21"}, "task": TASK}, ["goal.deadline"]),
    ({"goal": {**GOAL, "time_zone": "America"}, "task": TASK}, ["goal.time_zone"]),
    ({"goal": {**GOAL, "weights": {"task": 1, "time": 1}}, "task": TASK}, ["goal.weights"]),
    ({"goal": GOAL, "task": {"title": ""}}, ["task.title"]),
    ({"goal": GOAL, "task": {**TASK, "weight": 0}}, ["task.weight"]),
    ({"goal": GOAL, "task": {**TASK, "weight": "3"}}, ["task.weight"]),
    ({"goal": GOAL, "task": {**TASK, "tags": ["fine", "x" * 21]}}, ["task.tags.1"]),
    ({"goal": GOAL, "task": {**TASK, "due_at": "9999-12-31T23:59:59Z"}}, ["task.due_at"]),
    ({"goal": {**GOAL, "title": ""}, "task": {"title": "x" * 101}}, ["goal.title", "task.title"]),
]
"""Rows with what is wrong with them. Of the last one the writes see the goal only."""

UNWRITABLE = [
    ({"goal": GOAL, "task": TASK, "completion_note": "x" * 501}, ["completion_note"]),
    ({"task": TASK}, ["goal_id"]),
    ({"goal": GOAL, "goal_id": "goal_1", "task": TASK}, ["goal_id"]),
    ({"goal_id": "goal_1", "task": TASK}, ["goal_id"]),
    ({"goal_id": "x" * 65, "task": TASK}, ["goal_id"]),
    ({"goal": GOAL}, ["task"]),
    ({"goal": GOAL, "task": TASK, "done": True}, ["done"]),
    ([], ["row"]),
    ("goal", ["row"]),
    (None, ["row"]),
]
"""Rows that no single write would take."""


def checked(person: Person, *rows: Any) -> list[list[str]]:
    answer = person.post("/goals/check", {"rows": list(rows)})
    assert answer.status == 200, answer.body
    assert [result["row"] for result in answer.body["results"]] == list(range(len(rows)))
    return [[error["field"] for error in result["errors"]] for result in answer.body["results"]]


def written(person: Person, row: dict[str, Any]) -> list[str]:
    """Return what the writes refuse of a row, as the check would name it."""
    goal = person.post("/goals", row["goal"])
    if goal.status != 201:
        return [f"goal.{field}" for field in goal.fields]
    task = person.post(f"/goals/{goal.body['goal_id']}/tasks", row["task"])
    return [] if task.status == 201 else [f"task.{field}" for field in task.fields]


@pytest.mark.parametrize(("row", "fields"), [*ROWS, *UNWRITABLE])
def test_a_wrong_row_is_named_with_its_fields_and_nothing_is_written(
    row: Any, fields: list[str], ada: Person, travel: Travel, stored: Stored
):
    travel(NOW)
    before = stored()

    assert checked(ada, {"goal": GOAL, "task": TASK}, row) == [[], fields]
    assert stored() == before


@pytest.mark.parametrize(("row", "fields"), ROWS[:-1])
def test_the_writes_answer_what_the_check_has_answered(row: Any, fields: list[str], ada: Person, travel: Travel):
    travel(NOW)

    assert written(ada, row) == fields


DAYS = st.sampled_from(["2026-11-19", "2026-11-20", "2026-11-21", "2036-11-20", "2036-11-21", "2026-13-01", None])
ZONES = st.sampled_from(["UTC", "Asia/Tokyo", "Pacific/Kiritimati", "America/Los_Angeles", "America", "Nowhere"])
INSTANTS = st.sampled_from([NOW, "2026-11-20T15:00:00Z", "2026-11-21T08:00:00.001Z", "2036-11-21T00:00:00Z", "soon"])
GOALS = st.fixed_dictionaries(
    {"title": st.text(max_size=4)}, optional={"deadline": DAYS, "time_zone": ZONES, "start_at": INSTANTS}
)
TASKS = st.fixed_dictionaries(
    {"title": st.text(max_size=2)}, optional={"due_at": INSTANTS, "weight": st.integers(-1, 1001)}
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(goal=GOALS, task=TASKS)
def test_a_row_is_accepted_by_the_check_if_and_only_if_it_is_by_the_writes(
    ada: Person, travel: Travel, goal: dict[str, Any], task: dict[str, Any]
):
    travel(NOW)
    row = {"goal": goal, "task": task}

    assert (checked(ada, row) == [[]]) == (written(ada, row) == [])


@pytest.mark.parametrize("action", ["complete", "archive"])
def test_a_goal_that_takes_no_tasks_is_named_with_the_reason_of_the_write(action: str, ada: Person, scene: Scene):
    ada.post(f"/goals/{scene.goal_id}/{action}")
    refused = ada.post(f"/goals/{scene.goal_id}/tasks", TASK)

    answer = ada.post("/goals/check", {"rows": [{"goal_id": scene.goal_id, "task": TASK}]})

    assert refused.code == "GoalNotOpen"
    assert answer.body["results"][0]["errors"] == [{"field": "goal_id", "reason": refused.body["detail"]}]


def test_a_goal_of_somebody_else_is_none_and_one_shared_to_look_at_takes_no_task(
    ada: Person, bob: Person, eve: Person, scene: Scene
):
    row = {"goal_id": scene.goal_id, "task": TASK}
    missing = {"goal_id": ids.new("goal"), "task": TASK}

    strange = eve.post("/goals/check", {"rows": [row, missing]}).body["results"]
    assert strange[0]["errors"] == strange[1]["errors"]
    assert strange[0]["errors"][0]["field"] == "goal_id"
    assert checked(bob, row) == [["goal_id"]]

    ada.put(f"/goals/{scene.goal_id}/shares/{bob.user_id}", {"role": "contributor"})
    assert checked(bob, row) == [[]]


def test_one_call_reads_the_goals_of_all_rows_and_four_at_most(
    ada: Person, bob: Person, scene: Scene, calls: list[str]
):
    rows = [{"goalId": each, "task": TASK} for each in [ada.sets_goal()["goal_id"], scene.goal_id] * 50]
    calls.clear()

    ada.ask("checkRows", {"input": {"rows": rows}})
    assert calls == ["BatchGetItem"]

    bob.ask("checkRows", {"input": {"rows": rows}})
    assert calls == ["BatchGetItem"] * 5


def test_a_request_checks_1_to_100_rows(ada: Person):
    row = {"goal": GOAL, "task": TASK}

    assert checked(ada, *[row] * 100) == [[]] * 100
    assert ada.post("/goals/check", {"rows": [row] * 101}).code == "TooLarge"
    assert ada.post("/goals/check", {"rows": []}).fields == ["rows"]
    assert ada.post("/goals/check", {"rows": row}).fields == ["rows"]


def test_over_graphql_the_fields_are_named_as_the_client_wrote_them(ada: Person, scene: Scene):
    rows = [
        {"goalId": scene.goal_id, "task": {"title": "Run"}},
        {"goal": TOKYO_IN_GRAPHQL, "task": {"title": "Pack", "dueAt": AFTER}, "completionNote": "x" * 501},
        {"goal": TOKYO_IN_GRAPHQL, "task": {"title": "Pack", "dueAt": AFTER}},
    ]

    results = ada.ask("checkRows", {"input": {"rows": rows}}).data["results"]

    assert [[error["field"] for error in result["errors"]] for result in results] == [
        [],
        ["completionNote"],
        ["task.dueAt"],
    ]


TOKYO_IN_GRAPHQL = {"title": "See Tokyo", "deadline": "2026-12-24", "timeZone": "Asia/Tokyo"}
