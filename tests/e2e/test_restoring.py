"""A stage that is restored: from the damage to the first webhook after it, by the commands of docs/restoring.md.

It has an emulator of its own, for it moves everything to another table. The emulator restores a table to what it is
when it is asked, and not to an earlier instant; so here the table is restored before the damage is done.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from infra.stage import aws, deployment
from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from infra.stage.ministack import MiniStack
from shared import clock
from tests.e2e.conftest import ROOT, port_of
from tests.e2e.endpoints import until
from tests.webhooks.receiver import Receiver, receiving

# The command finds the local stage of the checkout; this one is the stage of the test.
COMMAND = """
import importlib, pathlib, sys
from infra.stage import access
access.STATE = pathlib.Path(sys.argv[1])
sys.exit(importlib.import_module(f"infra.commands.{sys.argv[2]}").main(sys.argv[3:]))
"""
# API Gateway answers the first for a function that may not run, the emulator the second.
HALTED = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
PASSWORD = "a sentence is easy to remember"


class Stage:
    """A stage on an emulator of its own."""

    def __init__(self, folder: Path, ministack: MiniStack) -> None:
        self.ministack = ministack
        self.stages = folder / "stages"
        self.stages.mkdir()
        self.addresses = self.deploy()

    def deploy(self) -> Addresses:
        return deployment.deploy(root=ROOT, ministack=self.ministack, report=lambda _: None, stages=self.stages)

    def client(self, service: str) -> Any:
        return aws.client(service, endpoint=self.ministack.endpoint)

    def runs(self, command: str, *arguments: str) -> str:
        """Run a command of the operator and return what it says."""
        asked = [sys.executable, "-c", COMMAND, str(self.ministack.state), command, "local", *arguments]
        ran = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, "")
        return ran.stdout

    def outputs(self) -> dict[str, str]:
        (found,) = self.client("cloudformation").describe_stacks(StackName="milepost-local-stateless")["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}

    def adopt(self, said: str) -> None:
        """Write the setting that the command has printed into the file of the stage, and deploy."""
        (setting,) = [line for line in said.splitlines() if line.startswith("adopted_table = ")]
        (self.stages / "local.toml").write_text(f"{setting}\n")
        self.addresses = self.deploy()

    def calls(self, method: str, path: str, token: str | None = None, body: object = None) -> Answer:
        return call(method, f"{self.addresses.api_url}/api/v1/{path}", body=body, token=token)

    def scheduled(self) -> set[str]:
        pages = self.client("scheduler").get_paginator("list_schedules").paginate(GroupName="milepost-local")
        return {each["Name"] for page in pages for each in page["Schedules"]}


class Timed:
    """Says on the terminal what has been done, and how many seconds after the stage was there."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def note(self, step: str) -> None:
        sys.stderr.write(f"{time.monotonic() - self._began:7.1f} s  {step}\n")


class Ada:
    """Somebody with a goal that has a schedule and is half done, and an endpoint that is told when it is done."""

    def __init__(self, stage: Stage, receiver: Receiver) -> None:
        self._stage = stage
        self._email = f"{secrets.token_hex(8)}@milepost.example"
        registration = {"email": self._email, "password": PASSWORD, "display_name": "Ada"}
        stage.calls("POST", "auth/register", body=registration)
        me, self.other = self.signs_in(), self.signs_in()
        self.token, self.refresh_token = me["access_token"], me["refresh_token"]
        deadline = (clock.to_datetime(clock.now()).date() + timedelta(days=30)).isoformat()
        goal = {"title": "Run a marathon", "deadline": deadline}
        self.goal_id = self.calls("POST", "goals", goal).json()["goal_id"]
        titles = ("First run", "Second run")
        made = [self.calls("POST", f"goals/{self.goal_id}/tasks", {"title": title}).json() for title in titles]
        self.tasks = [f"goals/{self.goal_id}/tasks/{task['task_id']}/complete" for task in made]
        self.calls("POST", self.tasks[0])
        wanted = {"url": receiver.url, "event_types": ["goals.task.completed"]}
        self.endpoint = self.calls("POST", "webhook-endpoints", wanted).json()

    def signs_in(self) -> Any:
        return self._stage.calls("POST", "auth/login", body={"email": self._email, "password": PASSWORD}).json()

    def refreshes(self, refresh_token: str) -> int:
        return self._stage.calls("POST", "auth/refresh", body={"refresh_token": refresh_token}).status

    def calls(self, method: str, path: str, body: object = None) -> Answer:
        return self._stage.calls(method, path, self.token, body)

    @property
    def done(self) -> Any:
        """How many tasks of the goal are done, None when there is no such goal."""
        return self.calls("GET", f"goals/{self.goal_id}/progress").json().get("completed_tasks")


@pytest.fixture
def stage(tmp_path: Path, folder: Path) -> Iterator[Stage]:
    if os.environ.get("REHEARSE") != "true":
        pytest.skip("make rehearse-restore: it deploys a stage twice")
    ministack = MiniStack(state=tmp_path / "state", port=port_of(folder, "restoring"))
    ministack.start()
    try:
        yield Stage(tmp_path, ministack)
    finally:
        ministack.stop()


def test_a_stage_goes_on_with_what_there_was_at_an_instant(stage: Stage) -> None:
    timed = Timed()
    with receiving() as receiver:
        ada = Ada(stage, receiver)
        assert until(lambda: ada.goal_id in stage.scheduled())
        assert ada.done == 1
        timed.note("there is a goal, half done, with a schedule")

        instant, damaged = clock.to_rfc3339(clock.now()), stage.outputs()["TableName"]
        said = stage.runs("restore", "--at", instant)
        timed.note("the table is restored")

        harm(stage, ada)
        assert until(lambda: "identity.session.revoked" in undone(stage, damaged, instant))
        timed.note("the goal is deleted, a session revoked, the schedule lost")

        stage.runs("halt")
        assert stage.calls("GET", "health").status in HALTED
        stage.adopt(said)
        stage.runs("halt")
        timed.note("the stage is deployed on the restored table, and halted")

        stage.runs("end_sessions")
        stage.runs("halt", "--resume")
        stage.runs("rebuild_schedules", "--anew")
        stage.runs("republish", "--tenant", "all", "--since", an_hour_before(instant), "--until", instant)
        timed.note("the sessions are ended, the stage works again, the schedules are asked for again")

        require_signed_out(stage, ada)
        ada.token = ada.signs_in()["access_token"]
        assert ada.done == 1
        assert until(lambda: ada.goal_id in stage.scheduled())
        heard = len(receiver.messages)
        ada.calls("POST", ada.tasks[1])
        (message, *_) = until(lambda: receiver.messages[heard:])

    assert ada.done == 2
    assert message.verified(ada.endpoint["secret"])["data"]["goal_id"] == ada.goal_id
    assert stage.outputs()["TableName"] != damaged
    timed.note("the goal is there again, its next event has come by webhook")


def harm(stage: Stage, ada: Ada) -> None:
    """Delete the goal, revoke one session, use the refresh token of the other, lose the schedule."""
    assert ada.calls("DELETE", f"goals/{ada.goal_id}").status == HTTPStatus.NO_CONTENT
    assert stage.calls("POST", "auth/logout", ada.other["access_token"]).status == HTTPStatus.NO_CONTENT
    assert ada.refreshes(ada.refresh_token) == HTTPStatus.OK
    assert ada.done is None
    assert until(lambda: ada.goal_id not in stage.scheduled())


def undone(stage: Stage, damaged: str, instant: str) -> Sequence[str]:
    """Return the types of the events that the command lists."""
    lines = stage.runs("undone", "--table", damaged, "--since", instant).splitlines()
    return [json.loads(line)["event_type"] for line in lines]


def an_hour_before(instant: str) -> str:
    return clock.to_rfc3339(clock.from_rfc3339(instant) - 3600 * clock.SECOND)


def require_signed_out(stage: Stage, ada: Ada) -> None:
    """Require that no token of before is good: neither those that were good at the instant nor those of later."""
    for token in (ada.token, ada.other["access_token"]):
        assert stage.calls("GET", "auth/me", token).status == HTTPStatus.UNAUTHORIZED
    for refresh_token in (ada.refresh_token, ada.other["refresh_token"]):
        assert ada.refreshes(refresh_token) == HTTPStatus.UNAUTHORIZED
