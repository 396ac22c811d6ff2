"""Everything that somebody has, exported and restored in another account: equal there, once, or refused."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from milepost_cli import exports, restores
from tests.cli.shell import Shell

Machine = Callable[[str], Shell]
WHOLE = """\
{"kind": "export", "format": 1}
{"kind": "goal", "goal_id": "goal_1", "goal": {"title": "Swim"}}
{"kind": "goal", "goal_id": "goal_2", "goal": {"title": "Run"}}
{"kind": "task", "goal_id": "goal_2", "task": {"title": "Shoes"}}
{"kind": "end", "goals": 2, "tasks": 1}
"""


@pytest.fixture
def full(adas: Shell) -> Shell:
    """Ada's machine; she has two goals, three tasks of which two are done, and a link."""
    goal_id = adas.types("goals", "add", "Run a marathon", "--answer", "firstStep=Buy shoes.", "--json").json["goal_id"]
    for title in ("Shoes", "=1+1", "Läufe\u202e"):
        adas.types("tasks", "add", goal_id, "--json", "--", title)
    adas.types("tasks", "done", goal_id, "Shoes", "--note", "Blue ones.")
    adas.types("tasks", "done", goal_id, "=1+1")
    adas.types("goals", "add", "Swim", "--tag", "water")
    adas.types("goals", "archive", "Swim")
    adas.types("links", "add", "Run a marathon", "--name", "README")
    return adas


@pytest.fixture
def export(full: Shell, tmp_path: Path) -> Path:
    path = tmp_path / "everything.jsonl"
    assert full.types("export", "-o", str(path)).exit_code == 0
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def goals_of(shell: Shell) -> list[dict[str, Any]]:
    """Return what a machine shows of the goals, but for the ids."""
    shown = shell.types("progress", "--status", "all", "--json").lines
    for goal in shown:
        del goal["goal_id"]
        for milestone in goal["milestones"]:
            del milestone["id"]
    return shown


def test_an_export_holds_everything_and_no_secret(full: Shell, export: Path):
    lines = read(export)

    assert [line["kind"] for line in lines] == [
        "export",
        "goal",
        "goal",
        *["task"] * 3,
        "link",
        *["achievement"] * 2,
        "end",
    ]
    assert lines[0]["account"]["email"] == "ada@example.com"
    assert lines[-1] == {"kind": "end", "goals": 2, "tasks": 3}
    assert "token" not in export.read_text()
    assert stat.S_IMODE(export.stat().st_mode) == 0o600


def test_an_export_goes_to_standard_output_too_and_never_over_a_file(full: Shell, export: Path):
    before = export.read_text()
    ran = full.types("export")

    assert [line["kind"] for line in ran.lines] == [line["kind"] for line in read(export)]
    assert full.types("export", "-o", str(export)).exit_code == 2
    assert export.read_text() == before


def test_a_stranger_has_the_same_after_a_restore(full: Shell, export: Path, of_somebody: Machine):
    eve = of_somebody("eve")
    ran = eve.types("restore", str(export), "--json")

    assert ran.exit_code == 0
    assert [(line["row"], line["status"]) for line in ran.lines] == [(1, "restored"), (2, "restored")]
    assert goals_of(eve) == goals_of(full)
    assert [row[1:] for row in eve.types("tasks", "list", "Run a marathon").rows] == [
        row[1:] for row in full.types("tasks", "list", "Run a marathon").rows
    ]
    assert eve.types("links", "list").rows == []


def test_a_restore_again_restores_nothing_twice(export: Path, of_somebody: Machine):
    eve = of_somebody("eve")
    eve.types("restore", str(export))
    again = eve.types("restore", str(export), "--json")

    assert [line["status"] for line in again.lines] == ["earlier", "earlier"]
    assert len(goals_of(eve)) == 2


@pytest.mark.parametrize("begun", ["known", "expired"])
def test_a_restore_that_broke_off_goes_on_where_it_stopped(
    export: Path, of_somebody: Machine, monkeypatch: pytest.MonkeyPatch, begun: str
):
    monkeypatch.setattr(restores, "AT_ONCE", 1)
    eve = of_somebody("eve")

    def breaks_off(request: httpx.Request) -> None:
        if request.method == "POST" and json.loads(request.content).get("tasks", [{}])[0].get("title") == "=1+1":
            raise KeyboardInterrupt

    eve.instead = breaks_off
    broken = eve.types("restore", str(export))
    expired = iter(["/finish"] if begun == "expired" else [])

    def gone(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/tasks") and next(expired, None):
            return httpx.Response(404, json={"detail": "There is no goal with this id."})
        return None

    eve.instead = gone
    resumed = eve.types("restore", str(export), "--json")

    assert (broken.exit_code, resumed.exit_code) == (130, 0)
    assert [line["status"] for line in resumed.lines] == ["earlier", "restored"]
    assert [goal["title"] for goal in goals_of(eve)] == ["Swim", "Run a marathon"]
    assert len(eve.types("tasks", "list", "Run a marathon").rows) == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: lines.pop(),
        lambda lines: lines.pop(3),
        lambda lines: lines.pop(0),
        lambda lines: lines.insert(1, "{"),
        lambda lines: lines.__setitem__(0, '{"kind": "export", "format": 2}'),
    ],
    ids=["no end", "a task less", "no beginning", "no JSON", "another format"],
)
def test_what_is_no_whole_export_is_refused_before_anything_is_asked(tmp_path: Path, spoil: Callable[[list[str]], Any]):
    lines = WHOLE.splitlines()
    spoil(lines)
    (tmp_path / "export.jsonl").write_text("\n".join(lines))
    shell = Shell(tmp_path / "home")
    ran = shell.types("restore", str(tmp_path / "export.jsonl"))

    assert (ran.exit_code, shell.requests) == (2, [])


def test_a_whole_export_is_read_as_far_as_to_ask_who_restores_it(tmp_path: Path):
    (tmp_path / "export.jsonl").write_text(WHOLE)

    assert Shell(tmp_path / "home").types("restore", str(tmp_path / "export.jsonl")).exit_code == 3


def test_a_goal_that_was_made_up_is_refused_and_the_others_come_in(export: Path, of_somebody: Machine):
    lines = read(export)
    lines[1]["goal"]["fixed_progress"] = "101/1"
    export.write_text("\n".join(map(json.dumps, lines)))
    eve = of_somebody("eve")
    ran = eve.types("restore", str(export), "--json")

    assert ran.exit_code == 1
    assert [(line["status"], line["reason"]) for line in ran.lines] == [
        ("refused", "fixed_progress: must not be more than 100 percent"),
        ("restored", None),
    ]


def test_a_goal_that_changes_while_it_is_exported_is_exported_anew(full: Shell, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "PAGE", 2)
    changed = iter([True])

    def change(request: httpx.Request) -> None:
        if request.url.path.endswith("/export") and "cursor" in request.url.params and next(changed, False):
            full.types("goals", "edit", "Run a marathon", "--title", "Run far")

    full.instead = change
    ran = full.types("export")

    assert ran.exit_code == 0
    assert [line["goal"]["title"] for line in ran.lines if line["kind"] == "goal"] == ["Swim", "Run far"]
    assert [line["task"]["title"] for line in ran.lines if line["kind"] == "task"] == ["Shoes", "=1+1", "Läufe\u202e"]


def test_a_chart_is_drawn_and_a_forecast_told(full: Shell, tmp_path: Path):
    picture = tmp_path / "chart.svg"
    drawn = full.types("chart", "Run a marathon", "-o", str(picture), "--theme", "dark")
    as_json = full.types("chart", "Run a marathon", "--json")

    assert (drawn.exit_code, picture.read_text()[:4]) == (0, "<svg")
    assert as_json.json["samples"][-1]["completed_tasks"] == 2
    assert full.types("forecast", "Run a marathon").rows[0][0] == "forecast"
    assert full.types("forecast", "Run a marathon", "--json").json["remaining_weight"] == 1


def test_a_link_is_shown_once_and_ended(full: Shell):
    made = full.types("links", "add", "Run a marathon")
    link_id = made.rows[0][1]

    assert [name for name, _ in made.rows] == ["link", "badge", "chart", "calendar"]
    assert full.types("links", "delete", link_id, "-y").exit_code == 0
    assert link_id not in full.types("links", "list").out
