"""Goals and tasks from the command line: everything that the API lets one do with them, and what is printed."""

import csv
import io

import httpx
import pytest

from milepost_cli import account
from tests.cli.shell import Shell, of_the_api

MARATHON = ("goals", "add", "Run a marathon", "--deadline", "2027-09-26", "--time-zone", "Europe/Berlin", "--json")

FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\uff1d1+1"]


@pytest.fixture
def goal(adas: Shell) -> str:
    return adas.types(*MARATHON).json["goal_id"]


@pytest.fixture
def task(adas: Shell, goal: str) -> str:
    return adas.types("tasks", "add", goal, "First 20 km run", "--json").json["task_id"]


def test_a_goal_is_set_with_all_that_it_may_have(adas: Shell):
    details = ("--category", "health", "--tag", "running", "--tag", "2027", "--description", "In autumn.")
    ran = adas.types(*MARATHON, *details, "--task-weight", "60", "--answer", "firstStep=Buy shoes = now.")

    assert ran.exit_code == 0
    assert ran.json["weights"] == {"task": 60, "time": 40}
    assert ran.json["tags"] == ["running", "2027"]
    assert (ran.json["deadline"], ran.json["time_zone"]) == ("2027-09-26", "Europe/Berlin")
    assert ran.json["answers"] == {"firstStep": "Buy shoes = now."}


def test_goals_are_listed_one_a_line_and_in_json_one_document_a_line(adas: Shell, goal: str):
    adas.types("goals", "pause", goal)
    plain, as_json = adas.types("goals", "list"), adas.types("goals", "list", "--json")

    assert plain.rows == [[goal, "0.0", "paused", "2027-09-26", "paused", "Run a marathon"]]
    assert [each["goal_id"] for each in as_json.lines] == [goal]
    assert plain.err == as_json.err == ""


def test_goals_are_listed_by_what_they_are(adas: Shell, goal: str):
    adas.types("goals", "add", "Sail", "--category", "leisure", "--tag", "sea", "--json")
    asked = {
        ("--category", "leisure"): ["Sail"],
        ("--tag", "sea", "--status", "active,paused"): ["Sail"],
        ("--due-before", "2028-01-01T00:00:00Z"): ["Run a marathon"],
        ("--due-after", "2028-01-01T00:00:00Z"): [],
        ("--overdue",): [],
        ("--not-overdue", "--sort", "-created"): ["Sail", "Run a marathon"],
        ("--sort", "-deadline"): ["Sail", "Run a marathon"],
        (): ["Sail", "Run a marathon"],
    }

    assert {query: [row[-1] for row in adas.types("goals", "list", *query).rows] for query in asked} == asked


def test_a_list_goes_over_all_pages(adas: Shell, goal: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(account, "PAGE", 2)
    for number in range(5):
        adas.types("tasks", "add", goal, f"Run {number}")

    titles = [row[-1] for row in adas.types("tasks", "list", goal).rows]
    assert titles == [f"Run {number}" for number in range(5)]
    assert len(adas.types("tasks", "list", goal, "--limit", "3").rows) == 3


def test_a_goal_is_called_by_its_title_too(adas: Shell, goal: str):
    assert adas.types("goals", "show", "run a MARATHON", "--json").json["goal_id"] == goal
    assert adas.types("goals", "show", "Fly").exit_code == 4
    adas.types(*MARATHON)
    ambiguous = adas.types("goals", "show", "Run a marathon")

    assert ambiguous.exit_code == 2
    assert goal in ambiguous.err


def test_what_is_named_of_a_goal_is_changed_and_what_is_cleared_is_empty(adas: Shell, goal: str):
    adas.types("goals", "edit", goal, "--category", "health", "--title", "Run two marathons")
    ran = adas.types("goals", "edit", goal, "--clear", "category", "--clear", "deadline", "--json")

    assert (ran.json["title"], ran.json["category"], ran.json["deadline"]) == ("Run two marathons", None, None)
    assert adas.types("goals", "edit", goal, "--clear", "title").exit_code == 2


def test_a_change_of_another_version_is_refused(adas: Shell, goal: str):
    adas.types("goals", "edit", goal, "--title", "Run two marathons")
    ran = adas.types("goals", "edit", goal, "--title", "Run three", "--if-version", "1")

    assert ran.exit_code == 1
    assert "VersionChanged" in ran.err


@pytest.mark.parametrize(
    ("actions", "status"),
    [
        (["pause"], "paused"),
        (["pause", "resume"], "active"),
        (["complete"], "completed"),
        (["complete", "reopen"], "active"),
        (["archive"], "archived"),
    ],
)
def test_a_goal_is_moved_from_status_to_status(adas: Shell, goal: str, actions: list[str], status: str):
    ran = [adas.types("goals", action, goal, "--json") for action in actions]

    assert ran[-1].json["status"] == status


def test_a_goal_is_deleted_only_when_it_is_said_twice(adas: Shell, goal: str):
    refused = adas.types("goals", "delete", goal)
    assert (refused.exit_code, adas.types("goals", "show", goal).exit_code) == (2, 0)

    assert adas.types("goals", "delete", goal, "--yes").exit_code == 0
    assert adas.types("goals", "show", goal).exit_code == 4


def test_completing_a_task_moves_the_bar(adas: Shell, goal: str, task: str):
    done = adas.types("tasks", "done", goal, "first 20 km run", "--note", "2 h 04 min", "--json")
    again = adas.types("tasks", "done", goal, task, "--json")

    assert (done.json["status"], done.json["completion_note"]) == ("completed", "2 h 04 min")
    assert again.json == done.json
    assert adas.types("progress").rows == [[goal, "70.0", "on track", "1/1", "2027-09-26", "Run a marathon"]]


def test_a_task_is_edited_reopened_and_deleted(adas: Shell, goal: str, task: str):
    edited = adas.types("tasks", "edit", goal, task, "--weight", "3", "--status", "completed", "--json").json
    reopened = adas.types("tasks", "reopen", goal, task, "--json").json
    deleted = adas.types("tasks", "delete", goal, task, "-y")

    assert (edited["weight"], edited["status"], reopened["status"]) == (3, "completed", "active")
    assert (deleted.exit_code, adas.types("tasks", "list", goal).out) == (0, "")


@pytest.mark.parametrize(
    ("typed", "due_at"),
    [("2027-03-28", "2027-03-28T21:59:59.999Z"), ("2027-03-27T18:00:00+01:00", "2027-03-27T17:00:00.000Z")],
)
def test_a_day_that_a_task_is_due_ends_in_the_time_zone_of_its_goal(adas: Shell, goal: str, typed: str, due_at: str):
    ran = adas.types("tasks", "add", goal, "First 20 km run", "--due", typed, "--json")

    assert ran.json["due_at"] == due_at


def test_a_refusal_names_the_field_and_the_reason_on_standard_error(adas: Shell):
    ran = adas.types("goals", "add", "No", "--deadline", "2027-02-30")

    assert (ran.exit_code, ran.out) == (1, "")
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == ["title", "deadline"]


def test_what_others_have_written_does_not_steer_the_terminal(adas: Shell):
    adas.types("goals", "add", "[red]\x9b31mred\u202etxt[/red] :boom:")
    ran = [adas.types(*command) for command in (["goals", "list"], ["progress"], ["goals", "list", "--json"])]

    assert all(each.exit_code == 0 for each in ran)
    assert [each for each in ran if "\x9b" in each.out or "\u202e" in each.out] == []
    assert ran[0].rows[0][-1] == "[red]�31mred�txt[/red] :boom:"
    assert ran[2].lines[0]["title"] == "[red]\x9b31mred\u202etxt[/red] :boom:"


def test_no_cell_of_a_spreadsheet_is_a_formula(adas: Shell, goal: str):
    for formula in FORMULAS:
        adas.types("tasks", "add", goal, "--", formula)
    rows = list(csv.reader(io.StringIO(adas.types("tasks", "list", goal, "--csv").out)))

    assert [row[-1] for row in rows[1:]] == [f"'{formula}" for formula in FORMULAS]


def test_a_request_is_sent_again_when_the_api_asks_for_it(adas: Shell):
    early = iter([429, 503])

    def not_yet(request: httpx.Request) -> httpx.Response | None:
        status = next(early, None)
        return None if status is None else httpx.Response(status, headers={"retry-after": "2"}, json={})

    adas.instead = not_yet
    ran = adas.types("goals", "add", "Run a marathon")

    assert ran.exit_code == 0
    assert adas.pauses == [2, 2]
    assert len({request.headers["idempotency-key"] for request in adas.requests[-3:]}) == 1


def test_an_answer_that_was_lost_has_one_effect(adas: Shell):
    lost = iter([True])

    def cut_off(request: httpx.Request) -> None:
        if request.method == "POST" and next(lost, False):
            of_the_api(request)
            raise httpx.ReadTimeout("the answer was lost")

    adas.instead = cut_off
    ran = adas.types("goals", "add", "Run a marathon", "--json")

    assert ran.exit_code == 0
    assert [goal["goal_id"] for goal in adas.types("goals", "list", "--json").lines] == [ran.json["goal_id"]]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_api_that_is_not_well_ends_the_command_after_a_bounded_time(adas: Shell, status: int):
    adas.instead = lambda _: httpx.Response(status, headers={"retry-after": "30"}, json={"detail": "Not now."})
    ran = adas.types("goals", "list")

    assert ran.exit_code == 5
    assert "Not now." in ran.err
    assert sum(adas.pauses) <= 5 * 30


def test_nobody_there_is_told_so(adas: Shell):
    def unplugged(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused")

    adas.instead = unplugged
    ran = adas.types("goals", "list")

    assert ran.exit_code == 5
    assert "Connection refused" in ran.err


def test_an_interrupted_command_says_so(adas: Shell):
    def interrupted(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    adas.instead = interrupted

    assert adas.types("goals", "list").exit_code == 130
