"""The goals of an import: days are days of their zone, a title is the same however it is written, none is guessed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.shell import Shell

File = Callable[..., str]


def goals(shell: Shell) -> dict[str, dict[str, Any]]:
    return {goal["title"]: goal for goal in shell.types("goals", "list", "--json").lines}


def dues(shell: Shell, goal: str) -> list[str | None]:
    return [task["due_at"] for task in shell.types("tasks", "list", goal, "--json").lines]


def reasons(lines: list[dict[str, Any]]) -> list[str | None]:
    return [line["reason"] for line in lines]


def test_a_day_is_a_day_of_the_zone_of_the_goal(adas: Shell, file: File):
    adas.types("goals", "add", "See Tokyo", "--deadline", "2027-12-24", "--time-zone", "Asia/Tokyo")

    ran = adas.types("import", file("title,due\nPack,2027-12-24\nBook,2027-12-10\n"), "--goal", "See Tokyo")

    assert (ran.exit_code, ran.err) == (0, "")
    assert dues(adas, "See Tokyo") == ["2027-12-24T14:59:59.999Z", "2027-12-10T14:59:59.999Z"]


def test_a_time_without_a_zone_is_one_of_the_zone_of_the_goal(adas: Shell, file: File):
    adas.types("goals", "add", "House", "--time-zone", "Europe/Berlin")
    times = ["2027-03-01 09:00", "2027-03-01T09:00", "2027-03-01T09:00:00", "2027-03-01T09:00Z"]
    text = "title,due\n" + "".join(f"A,{time}\n" for time in [*times, "2027-03-01T09:00:00.5+05:30"])

    adas.types("import", file(text), "--goal", "House")

    assert dues(adas, "House") == [
        *["2027-03-01T08:00:00.000Z"] * 3,
        "2027-03-01T09:00:00.000Z",
        "2027-03-01T03:30:00.500Z",
    ]


def test_a_zone_that_is_named_goes_before_that_of_the_goal(adas: Shell, file: File):
    adas.types("goals", "add", "House", "--time-zone", "Europe/Berlin")
    path = file("title,due\nA,2027-03-01\n")

    adas.types("import", path, "--goal", "House", "--time-zone", "America/New_York")

    assert dues(adas, "House") == ["2027-03-02T04:59:59.999Z"]


def test_a_goal_starts_with_the_first_instant_of_the_day_in_its_zone(adas: Shell, file: File):
    text = (
        "title,goal,goal_start,goal_deadline,goal_time_zone\n"
        "A,West,2027-12-01,2027-12-10,America/Los_Angeles\nA,East,2027-12-01,2027-12-01,Asia/Tokyo\n"
        "A,Skipped,2027-04-30,2027-05-01,Africa/Cairo\nA,Own,2027-12-01,,\n"
    )
    ran = adas.types("import", file(text), "--time-zone", "Europe/Berlin")

    assert (ran.exit_code, ran.err) == (0, "")
    assert {title: goal["start_at"] for title, goal in goals(adas).items()} == {
        "West": "2027-12-01T08:00:00.000Z",
        "East": "2027-11-30T15:00:00.000Z",
        # Clocks go from 0:00 to 1:00 there on that day.
        "Skipped": "2027-04-29T22:00:00.000Z",
        "Own": "2027-11-30T23:00:00.000Z",
    }


def test_a_zone_that_there_is_not_refuses_its_rows_alone(adas: Shell, file: File):
    text = "title,goal,goal_time_zone\nA,Folder,America\nA,Nowhere,Mars/Olympus\nA,Up,../../etc/passwd\nA,House,UTC\n"

    ran = adas.types("import", file(text), "--json")

    assert [line["status"] for line in ran.lines] == ["refused"] * 3 + ["created"]
    assert reasons(ran.lines)[0] == "goal_time_zone: America is no time zone such as Europe/Berlin"
    assert list(goals(adas)) == ["House"]


def test_a_title_is_the_same_whatever_its_accents_blanks_and_capitals(adas: Shell, file: File):
    adas.types("goals", "add", "Caf\u00e9  run")
    text = "title,goal\nA,Cafe\u0301 run\nB,CAF\u00c9\u00a0RUN\nC,New  caf\u00e9\nD,NEW CAFE\u0301\n"

    ran = adas.types("import", file(text))

    assert (ran.exit_code, len(goals(adas))) == (0, 2)
    assert len(dues(adas, "cafe\u0301 run")) == 2
    assert len(dues(adas, "New caf\u00e9")) == 2


def test_two_goals_of_one_title_are_refused_and_an_id_says_which(adas: Shell, file: File):
    first = adas.types("goals", "add", "House", "--json").json["goal_id"]
    adas.types("goals", "add", "HOUSE")

    ran = adas.types("import", file(f"title,goal\nA,House\nB,{first}\nC,Garden\n"), "--json")

    assert [line["status"] for line in ran.lines] == ["refused", "created", "created"]
    assert "2 goals have the title 'House'" in str(ran.lines[0]["reason"])
    assert first in str(ran.lines[0]["reason"])


def test_a_goal_that_is_done_is_refused_by_its_name(adas: Shell, file: File):
    adas.types("goals", "add", "House")
    adas.types("goals", "complete", "House")

    ran = adas.types("import", file("title,goal\nA,House\n"), "--json")

    assert ran.exit_code == 1
    assert str(ran.lines[0]["reason"]).startswith("goal 'House': The goal is completed")


def test_what_rows_say_of_a_goal_is_put_together_and_must_agree(adas: Shell, file: File):
    text = (
        "title,goal,goal_deadline,goal_category\nA,House,,\nB,House,2030-05-01,home\nC,House,2030-06-01,\n"
        "D,House,2030-02-30,\nE,house,2030-05-01,\n"
    )
    ran = adas.types("import", file(text), "--json")

    assert [line["status"] for line in ran.lines] == ["created", "created", "refused", "refused", "created"]
    assert reasons(ran.lines)[2] == "goal_deadline: an earlier row says something else of 'House'"
    assert (goals(adas)["House"]["deadline"], goals(adas)["House"]["category"]) == ("2030-05-01", "home")


SHEET = (
    "title,due,weight,tags,done,note,goal,goal_deadline,goal_start,goal_time_zone\n"
    "A,2027-12-01,,,,,Tokyo,2027-12-24,,Asia/Tokyo\n"
    "B,2027-12-25,,,,,Tokyo,,,\n"
    "C,,0,,,,Tokyo,,,\n"
    "D,,,a;b,yes,fine,Past,2020-01-01,,\n"
    "E,,,,,,Far,2099-01-01,,\n"
    "F,,,,,,ab,,,\n"
    f"G,,,{'x' * 21},,,Tokyo,,,\n"
    f"H,,,,yes,{'x' * 501},Tokyo,,,\n"
    "I,,,,,,Done,,,\n"
    "J,,,,,,goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE,,,\n"
    "K,2027-12-24,5,,yes,,Tokyo,,,\n"
    f"{'x' * 101},,,,,,Tokyo,,,\n"
)


def test_a_dry_run_says_what_the_import_then_says(adas: Shell, file: File):
    adas.types("goals", "add", "Done")
    adas.types("goals", "complete", "Done")
    path = file(SHEET)

    dry, real = adas.types("import", path, "--dry-run", "--json"), adas.types("import", path, "--json")

    assert [line["status"] for line in dry.lines] == [
        "refused" if line["status"] == "refused" else "valid" for line in real.lines
    ]
    assert reasons(dry.lines) == reasons(real.lines)
    assert [line["status"] for line in real.lines].count("refused") == 10
    assert dry.exit_code == real.exit_code == 1


@pytest.mark.parametrize("rows", [99, 100, 101, 250])
def test_rows_are_checked_a_hundred_at_a_time(adas: Shell, file: File, rows: int):
    adas.types("goals", "add", "House")
    adas.requests.clear()

    ran = adas.types("import", file("title\n" + "A\n" * rows), "--goal", "House", "--dry-run", "--json")

    assert [line["status"] for line in ran.lines] == ["valid"] * rows
    assert adas.asked.count("POST /api/v1/goals/check") == -(-rows // 100)


def test_rows_that_are_large_are_checked_in_smaller_parts(adas: Shell, file: File):
    note = "\u00e4" * 1900
    text = "title,note,done,goal_description,goal\n" + "".join(f"A,{note},yes,{note},House {n}\n" for n in range(100))

    ran = adas.types("import", file(text), "--dry-run", "--json")

    assert [line["status"] for line in ran.lines] == ["refused"] * 100
    assert adas.asked.count("POST /api/v1/goals/check") > 1
