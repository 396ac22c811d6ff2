"""The commands of the README, run as they stand there, against the deployed stage."""

import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from infra.demo import histories
from infra.demo.account import Account
from infra.demo.loading import load
from infra.local.deployment import Addresses
from infra.local.sign_in import SignIn

README = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")


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


@pytest.fixture
def answers(stack: Addresses, sign_up: Callable[[], SignIn]) -> list[Any]:
    """What the commands answer to somebody who has the demo."""
    newcomer = sign_up()
    account = Account(api_url=stack.api_url, token=newcomer.access_token)
    load(account, histories.every(), Console(file=io.StringIO()))
    environment = {
        "PATH": os.environ["PATH"],
        "NO_PROXY": "127.0.0.1",
        "API": f"{stack.api_url}/api/v1",
        "GRAPHQL": stack.graphql_url,
        "TOKEN": newcomer.access_token,
    }
    script = "set -eu\n" + "\n".join(blocks("sh"))
    run = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=True)
    return documents(run.stdout)


def test_the_commands_of_the_readme_answer_as_it_says(answers: list[Any]) -> None:
    progress, task, graphql = answers
    shown = json.loads(blocks("json")[0].replace("        },\n        …\n", "        }\n"))["items"][0]
    answered = progress["items"][0]

    assert answered.keys() == shown.keys()
    assert answered["task_progress"] == shown["task_progress"]
    assert (answered["completed_tasks"], answered["total_tasks"]) == (shown["completed_tasks"], shown["total_tasks"])
    assert answered["milestones"][0]["achieved_at"] == shown["milestones"][0]["achieved_at"]
    assert (task["title"], task["status"]) == ("Buy shoes", "completed")
    assert graphql["data"]["activeGoalsCount"] == 2
