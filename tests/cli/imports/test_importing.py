"""Bringing rows of a CSV file in: what is understood, what is reported, and that nothing comes in twice."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.cli.shell import Shell

Sheet = Callable[..., str]
PLAN = (
    'Task name;Due;Points;Labels;State\n"Buy ""good"" shoes; two pairs";01.03.2027;3;"gear, shop";done\nRun 20 km;;;;\n'
)
MAPS = ("title=Task name", "due=Due", "weight=Points", "tags=Labels", "done=State")
MAPPED = ["--date-format", "%d.%m.%Y", *[word for each in MAPS for word in ("--map", each)]]


@pytest.fixture
def goal(adas: Shell) -> str:
    return adas.types("goals", "add", "Run a marathon", "--json").json["goal_id"]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    def write(text: str, encoding: str = "utf-8") -> str:
        path = tmp_path / "plan.csv"
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


def tasks(shell: Shell, goal: str) -> list[list[str]]:
    return [[row[1], row[2], row[3], row[-1]] for row in shell.types("tasks", "list", goal).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_columns_become_fields_whatever_program_wrote_the_file(adas: Shell, goal: str, sheet: Sheet, encoding: str):
    ran = adas.types("import", sheet(PLAN.replace("Run", "Läufe über"), encoding), "--goal", goal, *MAPPED)

    assert (ran.exit_code, ran.out) == (0, "")
    assert tasks(adas, goal) == [
        ["completed", "3", "2027-03-01T23:59:59.999Z", 'Buy "good" shoes; two pairs'],
        ["active", "1", "", "Läufe über 20 km"],
    ]


def test_a_column_that_is_called_like_a_field_needs_no_mapping(adas: Shell, goal: str, sheet: Sheet):
    ran = adas.types("import", sheet("Title,Due date,Tags\nRun,2027-03-01T18:00:00Z,a;b\n"), "--goal", goal, "--json")

    assert [line["status"] for line in ran.lines] == ["created"]
    assert adas.types("tasks", "list", goal, "--json").lines[0]["tags"] == ["a", "b"]


def test_goals_that_are_not_there_are_set(adas: Shell, goal: str, sheet: Sheet):
    text = "goal,goal_deadline,title\nRun a marathon,,Run\nSwim,2028-01-31,Dive\nswim,,Float\n"
    ran = adas.types("import", sheet(text))

    assert ran.exit_code == 0
    assert [(row[3], row[5]) for row in adas.types("goals", "list").rows] == [
        ("2028-01-31", "Swim"),
        ("", "Run a marathon"),
    ]
    assert [row[-1] for row in adas.types("tasks", "list", "Swim").rows] == ["Dive", "Float"]


def test_what_is_refused_is_reported_by_its_row_and_the_rest_comes_in(
    adas: Shell, goal: str, sheet: Sheet, tmp_path: Path
):
    text = "title,weight,done\nRun,3,\n=1+1,0,\n,,\nSwim,,maybe\n=HYPERLINK(1),,x\n,5,\n"
    ran = adas.types("import", sheet(text), "--goal", goal, "--report", str(tmp_path / "report.csv"))

    report = list(csv.DictReader(io.StringIO((tmp_path / "report.csv").read_text())))
    assert (ran.exit_code, ran.out) == (1, "")
    assert [(line["row"], line["status"]) for line in report] == [
        ("2", "created"),
        ("3", "refused"),
        ("5", "refused"),
        ("6", "completed"),
        ("7", "refused"),
    ]
    assert [line["title"] for line in report] == ["Run", "'=1+1", "", "'=HYPERLINK(1)", ""]
    assert report[1]["reason"].startswith("weight: ")
    assert "row 5: done: 'maybe' is neither yes nor no" in ran.err
    assert [row[-1] for row in tasks(adas, goal)] == ["Run", "=HYPERLINK(1)"]


def test_the_same_import_again_brings_nothing_in_twice(adas: Shell, goal: str, sheet: Sheet):
    command = ("import", sheet("title\nRun\nSwim\n"), "--goal", goal, "--json")
    first, second = adas.types(*command), adas.types(*command)

    assert [line["status"] for line in second.lines] == ["earlier", "earlier"]
    assert [line["id"] for line in second.lines] == [line["id"] for line in first.lines]
    assert len(tasks(adas, goal)) == 2
    assert [line["status"] for line in adas.types(*command, "--again").lines] == ["created", "created"]
    assert len(tasks(adas, goal)) == 4


@pytest.mark.parametrize(
    ("journal", "statuses"), [("kept", ["earlier", "earlier"]), ("lost", ["created", "completed"])]
)
def test_an_import_that_broke_off_goes_on_where_it_stopped(
    adas: Shell, goal: str, sheet: Sheet, journal: str, statuses: list[str]
):
    """Without its journal the keys are the same, so that what was done is answered and not done again."""
    command = ("import", sheet("title,done\nRun,\nSwim,yes\nBike,\n"), "--goal", goal, "--json")
    calls = iter(range(4))

    def breaks_off(request: httpx.Request) -> httpx.Response | None:
        if request.method == "POST" and next(calls, None) is None:
            raise KeyboardInterrupt
        return None

    adas.instead = breaks_off
    broken = adas.types(*command)
    adas.instead = lambda _: None
    if journal == "lost":
        shutil.rmtree(adas.home / "jobs")
    resumed = adas.types(*command)

    assert (broken.exit_code, len(broken.lines)) == (130, 2)
    assert "2 of 3 rows" in broken.err
    assert [line["status"] for line in resumed.lines][:2] == statuses
    assert [row[-1] for row in tasks(adas, goal)] == ["Run", "Swim", "Bike"]


def test_a_dry_run_writes_nothing(adas: Shell, sheet: Sheet, tmp_path: Path):
    report = tmp_path / "report.jsonl"
    text = f"goal,title,due\nSwim,Dive,2027-02-30\nSwim,{'x' * 101},\nSwim,Float,\n"
    ran = adas.types("import", sheet(text), "--dry-run", "--report", str(report))

    assert ran.exit_code == 1
    assert [json.loads(line)["status"] for line in report.read_text().splitlines()] == ["refused", "refused", "valid"]
    posts = [asked for asked in adas.asked if asked.startswith("POST") and not asked.endswith("login")]
    assert posts == ["POST /api/v1/goals/check"]
    assert adas.types("goals", "list").rows == []


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", []),
        ("title,title\nRun,Run\n", []),
        ("name of it\nRun\n", []),
        ('"title\nRun\n', []),
        ("title\nRun\n", ["--delimiter", "ab"]),
        ("title\nRun\n", ["--date-format", "%Q"]),
        ("title\nRun\n", ["--time-zone", "America"]),
        ("title\nRun\n", ["--encoding", "base64"]),
        ("Name,Task\nRun,T-1\n", []),
        ("title\nRun\n", ["--from", "todoist"]),
        ("title\nRun\n", ["--map", "title=Task"]),
        ("title\nRun\n", ["--map", "colour=title"]),
        ("title\nRun\n", ["--time-zone", "Mars/Olympus"]),
        ("title\nRun\n", ["--encoding", "klingon"]),
        ("title,goal\nRun,Swim\n", []),
    ],
)
def test_a_file_or_a_mapping_that_makes_no_sense_is_refused_before_anything_is_asked(
    tmp_path: Path, sheet: Sheet, text: str, options: list[str]
):
    shell = Shell(tmp_path / "home")
    ran = shell.types("import", sheet(text), "--goal", "Run a marathon", *options)

    assert (ran.exit_code, shell.requests) == (2, [])
