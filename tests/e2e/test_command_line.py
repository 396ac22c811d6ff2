"""The installed command `milepost`, as people type it, against the deployed stage."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn

MILEPOST = Path(sys.executable).with_name("milepost")
PLAN = "Task,Due,Done\nBuy shoes,2027-03-01,yes\nFirst 20 km run,2027-06-30,\n"


class Machine:
    """Somebody's computer."""

    def __init__(self, home: Path, stack: Addresses, user: SignIn) -> None:
        self._environment = {"PATH": os.environ["PATH"], "MILEPOST_HOME": str(home), "NO_PROXY": "127.0.0.1"}
        self.types("login", "--url", stack.api_url, "--email", user.email, stdin=f"{user.password}\n")

    def types(self, *arguments: str, stdin: str = "") -> str:
        command = [str(MILEPOST), *arguments]
        ran = subprocess.run(command, env=self._environment, input=stdin, capture_output=True, text=True, check=True)
        return ran.stdout

    def goals(self) -> list[dict[str, Any]]:
        """Return how far the goals are, but for their ids and what time moves."""
        names = ("title", "status", "deadline", "task_progress", "completed_tasks", "total_tasks")
        shown = map(json.loads, self.types("progress", "--json").splitlines())
        return [{**{name: goal[name] for name in names}, "reached": reached(goal)} for goal in shown]


def reached(goal: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    return [(milestone["achieved_at"], milestone["first_achieved_at"]) for milestone in goal["milestones"]]


@pytest.fixture
def machine(stack: Addresses, sign_up: Callable[[], SignIn], tmp_path: Path) -> Callable[[str], Machine]:
    return lambda name: Machine(tmp_path / name, stack, sign_up())


def test_a_spreadsheet_comes_in_and_everything_goes_elsewhere(
    machine: Callable[[str], Machine], tmp_path: Path
) -> None:
    (tmp_path / "plan.csv").write_text(PLAN)
    everything = str(tmp_path / "everything.jsonl")
    ada, eve = machine("ada"), machine("eve")
    ada.types("goals", "add", "Run a marathon", "--deadline", "2027-09-26")
    ada.types("import", str(tmp_path / "plan.csv"), "--goal", "Run a marathon", "--map", "title=Task")
    ada.types("export", "-o", everything)
    eve.types("restore", everything)

    assert eve.goals() == ada.goals()
    assert [(goal["completed_tasks"], goal["total_tasks"]) for goal in eve.goals()] == [(1, 2)]
    assert [row.split("\t")[-1] for row in eve.types("tasks", "list", "Run a marathon").splitlines()] == [
        "Buy shoes",
        "First 20 km run",
    ]
    assert eve.types("chart", "Run a marathon").startswith("<svg")
