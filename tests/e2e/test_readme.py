"""The commands of the README, run as they stand there, against the deployed stage."""

import io
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from infra.demo import histories
from infra.demo.account import Account
from infra.demo.loading import load
from infra.local import summary
from infra.local.deployment import Addresses
from infra.local.sign_in import SignIn

ROOT = Path(__file__).parents[2]
README = ROOT.joinpath("README.md").read_text(encoding="utf-8")

VERIFIED = r"verified: .*\n"


def blocks(language: str) -> list[str]:
    """Return the code blocks of the README in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def documents(text: str) -> list[Any]:
    """Return the JSON documents that stand one after the other in a text."""
    decoder, found, place = json.JSONDecoder(), [], 0
    while place < len(text):
        document, place = decoder.raw_decode(text, place)
        found.append(document)
    return found


def calls() -> list[str]:
    """Return the commands from clone to webhook, each with the lines it goes on to."""
    (walk,) = [block for block in blocks("sh") if "git clone" in block]
    return walk.replace("\\\n", "").splitlines()


@pytest.fixture
def said(stack: Addresses, sign_up: Callable[[], SignIn], tmp_path: Path) -> str:
    """What the commands say to somebody who has the demo, and whose clone and stage are there already."""
    newcomer = sign_up()
    account = Account(api_url=stack.api_url, token=newcomer.access_token)
    load(account, histories.every(), Console(file=io.StringIO()))
    (tmp_path / ".milepost").mkdir()
    summary.write_environment(tmp_path / ".milepost" / "env", addresses=stack, demo=newcomer)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {"PATH": path, "NO_PROXY": "127.0.0.1", "RECEIVER_PORT": port, "REPOSITORY": str(ROOT)}
    there_already = "git() { :; }; make() { :; }; cd() { :; }"
    script = "\n".join(["set -eu", there_already, *blocks("sh")]).replace("127.0.0.1:8787", f"127.0.0.1:{port}")
    run = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout


def test_the_commands_of_the_readme_answer_as_it_says(said: str) -> None:
    told = "".join(re.findall(VERIFIED, said))
    progress, task, graphql = documents(re.sub(VERIFIED, "", said))
    shown = json.loads(blocks("json")[0].replace("        },\n        …\n", "        }\n"))["items"][0]
    answered = progress["items"][0]

    assert answered.keys() == shown.keys()
    assert answered["task_progress"] == shown["task_progress"]
    assert (answered["completed_tasks"], answered["total_tasks"]) == (shown["completed_tasks"], shown["total_tasks"])
    assert answered["milestones"][0]["achieved_at"] == shown["milestones"][0]["achieved_at"]
    assert (task["title"], task["status"]) == ("Buy shoes", "completed")
    assert graphql["data"]["activeGoalsCount"] == 2
    assert sorted(re.findall(r"'percentage': \d+", "".join(told))) == ["'percentage': 25", "'percentage': 50"]


def test_from_clone_to_webhook_it_takes_ten_commands() -> None:
    commands = calls()

    assert commands[0].startswith("git clone ")
    assert commands[-1] == "wait"
    assert len(commands) <= 10
    assert not any("&&" in command or ";" in re.sub(r"'[^']*'", "", command) for command in commands)
