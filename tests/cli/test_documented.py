"""The page of the command line is the command line: every command and every exit code, and none besides."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from milepost_cli.app import app
from milepost_cli.imports import columns
from milepost_cli.stops import Exit
from tests.cli.shell import Shell

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def commands(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    for each, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {each}")
        else:
            yield f"{name} {each}", command


COMMANDS = dict(commands(typer.main.get_command(app), "milepost"))


def test_the_page_names_every_command():
    assert set(re.findall(r"^\| `(milepost [a-z -]+)` \|", PAGE, re.MULTILINE)) == COMMANDS.keys()


def test_the_page_names_every_exit_code():
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)] == [code.value for code in Exit]


def test_the_page_names_every_field_of_an_import():
    assert [field for field in columns.FIELDS if f"`{field}`" not in PAGE] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_and_what_each_option_is(name: str):
    described = [option for option in COMMANDS[name].params if not getattr(option, "help", None)]

    assert COMMANDS[name].help
    assert described == []


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in COMMANDS
        if name.split()[-1] not in {"login", "logout", "export", "download", "delete", "delete-team", "erase"}
    ],
)
def test_a_command_that_tells_something_tells_it_in_json_too(name: str):
    assert "--json" in [text for option in COMMANDS[name].params for text in option.opts]


@pytest.mark.parametrize("name", COMMANDS)
def test_no_secret_can_be_an_argument(name: str):
    texts = {text for option in COMMANDS[name].params for text in option.opts}

    assert texts & {"--password", "--token", "--code", "--api-key"} == set()


def test_help_is_there_for_whoever_types_nothing(shell: Shell):
    ran = shell.types("goals", "--help")

    assert ran.exit_code == 0
    assert "List your goals" in ran.out
