"""The commands of the README, run as they stand there, against the deployed stage."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from infra.demo import histories
from infra.demo.account import Account
from infra.demo.loading import load
from infra.local import summary
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.aws import ports

ROOT = Path(__file__).parents[2]
README = ROOT.joinpath("README.md").read_text(encoding="utf-8")

VERIFIED = r"verified: .*\n"


def blocks(language: str) -> list[str]:
    """Return the code blocks of the README in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def documents(text: str) -> list[Any]:
    """Return the JSON documents of a text, each of which begins a line."""
    decoder, found, place = json.JSONDecoder(), [], 0
    while place < len(text):
        document, place = decoder.raw_decode(text, place)
        found.append(document)
        place += text[place:].startswith("\n")
    return found


def commands_of(block: str) -> list[str]:
    """Return the commands of a block, each with the lines it goes on to."""
    return block.replace("\\\n", "").splitlines()


@dataclass(frozen=True)
class Run:
    """What the commands said, in an account that they may have left something in."""

    account: Account
    stdout: str


@pytest.fixture
def run(stack: Addresses, sign_up: Callable[[], SignIn], tmp_path: Path) -> Run:
    """The commands as typed by somebody who has clone and stage, and pastes the walk a second time.

    The first question is that of somebody who has the demo. What the demo's events tell may come late, so the walk is
    that of somebody else.
    """
    demo, newcomer = sign_up(), sign_up()
    load(Account(api_url=stack.api_url, token=demo.access_token), histories.every(), Console(file=io.StringIO()))
    account = Account(api_url=stack.api_url, token=newcomer.access_token)
    (tmp_path / ".milepost").mkdir()
    summary.write_environment(tmp_path / ".milepost" / "env", addresses=stack, demo=demo)
    summary.write_environment(tmp_path / ".milepost" / "walk", addresses=stack, demo=newcomer)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    port = str(ports.free())
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    # As behind a proxy, which this machine is not reached through.
    proxy = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    environment = {"PATH": path, "RECEIVER_PORT": port, "REPOSITORY": str(ROOT), **proxy}
    there_already = "git() { :; }; make() { :; }; cd() { :; }"
    question, clone, walk, graphql = blocks("sh")
    as_newcomer = "mv .milepost/walk .milepost/env"
    script = "\n".join(["set -eu", there_already, question, clone, as_newcomer, walk, walk, graphql])
    typed = script.replace("127.0.0.1:8787", f"127.0.0.1:{port}")
    said = subprocess.run(
        ["bash", "-c", typed], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    return Run(account, said.stdout)


def test_the_commands_of_the_readme_answer_as_it_says_however_often_they_are_pasted(run: Run) -> None:
    told = re.findall(VERIFIED, run.stdout)
    progress, *completed, graphql = documents(re.sub(VERIFIED, "", run.stdout))
    shown = json.loads(blocks("json")[0].replace("        },\n        …\n", "        }\n"))["items"][0]
    answered = progress["items"][0]

    assert answered.keys() == shown.keys()
    assert answered["task_progress"] == shown["task_progress"]
    assert (answered["completed_tasks"], answered["total_tasks"]) == (shown["completed_tasks"], shown["total_tasks"])
    assert answered["milestones"][0]["achieved_at"] == shown["milestones"][0]["achieved_at"]
    assert [(task["title"], task["status"]) for task in completed] == [("Buy shoes", "completed")] * 2
    assert graphql["data"]["activeGoalsCount"] == 2
    assert re.findall(r"'percentage': (\d+)", "".join(sorted(told[:2]))) == ["25", "50"]
    assert re.findall(r"'percentage': (\d+)", "".join(sorted(told[2:]))) == ["25", "50"]
    assert list(run.account.every("/api/v1/webhook-endpoints")) == []


def test_from_clone_to_webhook_it_takes_ten_commands_and_one_that_clears_up() -> None:
    start, walk = (commands_of(block) for block in blocks("sh")[1:3])
    commands = [*start, *walk]

    assert commands[0].startswith("git clone ")
    assert len(commands[:-1]) <= 10
    assert "-X DELETE" in commands[-1]
    assert not any("&&" in command or ";" in re.sub(r"'[^']*'", "", command) for command in commands)
