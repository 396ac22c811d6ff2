"""The release histories through the API, to the millisecond.

Every instant and number below was worked out from the days with fractions, apart from the code under test. The one
that no release caused: Python 3.13.0 had 505 days, from 2023-05-22 to the end of 2024-10-07. After alpha 6, 6 of 14
tasks made 30 %; the other 20 % are two thirds of what time can give, so two thirds of 505 days, 336 days and 16 hours.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from infra.demo import histories
from infra.demo.__main__ import NoStage, signed_in
from infra.demo.account import Account, NotDone
from infra.demo.board import board, picture
from infra.demo.loading import load
from infra.stage.client import Answer
from tests.demo.consoles import quiet


@pytest.fixture
def goals(account: Account) -> dict[str, Any]:
    """Every goal of the demo by its title."""
    return {goal["title"]: goal for goal in load(account, histories.every(), quiet())}


def achieved(goal: dict[str, Any]) -> dict[int, str | None]:
    return {milestone["percentage"]: milestone["achieved_at"] for milestone in goal["milestones"]}


def predicted(goal: dict[str, Any]) -> dict[int, str | None]:
    return {milestone["percentage"]: milestone["predicted_at"] for milestone in goal["milestones"]}


def test_python_3_13_reached_its_milestones_when_it_did(goals: dict[str, Any]) -> None:
    assert achieved(goals["Python 3.13.0"]) == {
        25: "2024-01-17T12:00:00.000Z",
        50: "2024-04-22T16:00:00.000Z",
        75: "2024-07-18T12:00:00.000Z",
        100: "2024-10-07T12:00:00.000Z",
    }


def test_python_3_14_reached_its_milestones_when_it_did(goals: dict[str, Any]) -> None:
    assert achieved(goals["Python 3.14.0"]) == {
        25: "2024-12-17T12:00:00.000Z",
        50: "2025-04-08T12:00:00.000Z",
        75: "2025-07-08T12:00:00.000Z",
        100: "2025-10-07T12:00:00.000Z",
    }


@pytest.mark.parametrize(("title", "tasks"), [("Python 3.13.0", 14), ("Python 3.14.0", 15)])
def test_a_release_that_came_out_is_a_completed_goal(goals: dict[str, Any], title: str, tasks: int) -> None:
    goal = goals[title]

    assert goal["status"] == "completed"
    assert goal["progress"]["progress_percentage"] == 100
    assert (goal["progress"]["completed_tasks"], goal["progress"]["total_tasks"]) == (tasks, tasks)


def test_the_bugfix_series_runs_and_is_behind(goals: dict[str, Any]) -> None:
    goal = goals["Python 3.14 bugfix releases"]

    assert goal["status"] == "active"
    assert goal["progress"] == {
        "progress_percentage": 36.85,
        "progress_text": "36.9 %",
        "task_progress": 28.57,
        "task_progress_text": "28.6 %",
        "time_progress": 56.17,
        "time_progress_text": "56.2 %",
        "completed_tasks": 4,
        "total_tasks": 14,
        "pace": -27.60,
        "pace_text": "27.6 points behind schedule",
        "is_overdue": False,
        "is_urgent": False,
        "is_on_track": False,
    }


def test_the_bugfix_series_reaches_half_by_time_alone_and_no_more(goals: dict[str, Any]) -> None:
    goal = goals["Python 3.14 bugfix releases"]

    assert achieved(goal) == {25: "2026-04-07T12:00:00.000Z", 50: None, 75: None, 100: None}
    assert predicted(goal) == {25: None, 50: "2027-10-06T00:00:00.000Z", 75: None, 100: None}


def test_the_tasks_of_the_bugfix_series_are_due_when_they_are(account: Account, goals: dict[str, Any]) -> None:
    goal_id = goals["Python 3.14 bugfix releases"]["goal_id"]

    tasks = {
        task["title"]: (task["status"], task["due_at"]) for task in account.every(f"/api/v1/goals/{goal_id}/tasks")
    }

    assert len(tasks) == 14
    assert tasks["3.14.4"] == ("completed", "2026-04-07T12:00:00.000Z")
    assert tasks["3.14.5"] == ("active", "2026-05-08T12:00:00.000Z")
    assert tasks["3.14.14"] == ("active", "2027-10-05T12:00:00.000Z")


def test_loading_again_changes_nothing(account: Account, goals: dict[str, Any]) -> None:
    again = load(account, histories.every(), quiet())

    assert [goal["goal_id"] for goal in again] == [goal["goal_id"] for goal in goals.values()]
    assert [goal["version"] for goal in again] == [1, 1, 1]


def test_a_goal_that_was_deleted_comes_back(account: Account, goals: dict[str, Any]) -> None:
    deleted = goals["Python 3.13.0"]["goal_id"]
    account.send("DELETE", f"{account.api_url}/api/v1/goals/{deleted}", token=account.token)

    again = load(account, histories.every(), quiet())

    assert again[0]["goal_id"] != deleted
    assert again[0]["title"] == "Python 3.13.0"
    assert [goal["goal_id"] for goal in again[1:]] == [goal["goal_id"] for goal in list(goals.values())[1:]]


def test_a_refusal_stops_the_loading_with_the_answer_of_the_api(account: Account) -> None:
    wrong = {**histories.bugfixes(), "deadline": "2027-02-30"}

    with pytest.raises(NotDone, match=r"422: .*deadline"):
        load(account, [wrong], quiet())


def test_an_import_that_got_no_answer_is_sent_again_under_the_same_key(account: Account) -> None:
    keys: list[str] = []

    def lossy(method: str, url: str, **sent: Any) -> Answer:
        answer = account.send(method, url, **sent)
        if method == "POST":
            keys.append(sent["headers"]["idempotency-key"])
        return Answer(503, {}, "lost on the way") if len(keys) == 1 else answer

    unlucky = Account(api_url=account.api_url, token=account.token, send=lossy)
    loaded = load(unlucky, histories.every()[:1], quiet())

    assert keys == [keys[0], keys[0]]
    assert [goal["goal_id"] for goal in account.every("/api/v1/goals")] == [loaded[0]["goal_id"]]


def test_the_board_says_when_each_milestone_was_reached_or_will_be(goals: dict[str, Any]) -> None:
    console = quiet()
    console.print(board(goals.values()))
    shown = console.file.getvalue()

    assert " 50 %  Halfway Point   reached 2024-04-22 16:00 UTC" in shown
    assert " 50 %  Halfway Point   predicted 2027-10-06 00:00 UTC" in shown
    assert "100 %  Complete        needs tasks" in shown
    assert " 36.9 %" in shown


def test_without_a_terminal_nothing_is_drawn_over(account: Account) -> None:
    console = quiet()

    load(account, histories.every(), console)

    assert console.file.getvalue() == ""


def test_the_picture_loads_nothing_from_anywhere(goals: dict[str, Any]) -> None:
    svg = picture(board(goals.values()))

    assert svg.startswith("<svg")
    assert "Halfway" in svg
    assert re.findall(r"@font-face|@import|url\((?!#)|href", svg) == []


def test_without_a_stage_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoStage, match="make up"):
        signed_in(tmp_path / "local.json")
