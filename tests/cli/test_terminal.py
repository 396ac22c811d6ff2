"""What is printed on a terminal: bars and tables, that nobody else's text can steer."""

import re

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def on_a_terminal(adas: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return adas


@pytest.fixture
def goal(on_a_terminal: Shell) -> str:
    title = "[bold]Run[/bold] :rocket:\x9b31m"
    goal_id = on_a_terminal.types("goals", "add", title, "--task-weight", "100", "--json").json["goal_id"]
    for task in ("Shoes", "Run"):
        on_a_terminal.types("tasks", "add", goal_id, task)
    on_a_terminal.types("tasks", "done", goal_id, "Shoes")
    return goal_id


def test_progress_is_bars_with_words_and_days(on_a_terminal: Shell, goal: str):
    out = re.sub(r"\x1b\[[0-9;]*m", "", on_a_terminal.types("progress").out)

    assert f"{'━' * 14}{'┄' * 14}" in out
    assert "   50 %" in out
    assert "on track" in out
    assert "1/2 tasks" in out
    assert re.search(r"50 % ✓ \d{1,2} [A-Z][a-z]{2} 20\d\d", out)
    assert "75 % → needs tasks" in out


def test_markup_and_control_characters_are_shown_as_text(on_a_terminal: Shell, goal: str):
    printed = [on_a_terminal.types(*typed).out for typed in (["progress"], ["goals", "list"], ["goals", "show", goal])]

    assert [text for text in printed if "[bold]Run[/bold] :rocket:�31m" not in text] == []
    assert [text for text in printed if "\x9b" in text] == []


def test_a_list_is_a_table_with_a_heading(on_a_terminal: Shell, goal: str):
    heading, *rows = on_a_terminal.types("tasks", "list", goal).out.splitlines()

    assert "title" in heading
    assert len(rows) == 2


def test_colours_are_left_out_when_they_are_not_wanted(
    on_a_terminal: Shell, goal: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NO_COLOR", "1")

    assert f"{'━' * 14}{'┄' * 14}" in re.sub(r"\x1b\[[0-9;]*m", "", on_a_terminal.types("progress").out)
    assert "\x1b[3" not in on_a_terminal.types("progress").out


def test_json_is_json_on_a_terminal_too(on_a_terminal: Shell, goal: str):
    assert on_a_terminal.types("progress", "--json").lines[0]["goal_id"] == goal


def test_what_was_done_is_said_beside_the_output(on_a_terminal: Shell, goal: str):
    ran = on_a_terminal.types("goals", "delete", goal, "--yes")

    assert ran.out == ""
    assert "Deleted." in ran.err
