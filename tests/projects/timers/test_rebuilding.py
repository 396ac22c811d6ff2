"""Schedules of milestones of projects that are lost: `make rebuild-schedules` has them set again."""

import json
from typing import Any

import boto3
import pytest
import time_machine

from functions.identity.accounts import tenants
from functions.projects.timers import consumers
from infra.commands import rebuild_schedules
from infra.commands.migrate import Pace
from infra.commands.rebuild_schedules import Queues
from shared import clock
from shared.storage import table
from tests.aws import scheduler
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.projects.team import Person


@pytest.fixture
def to(aws: None) -> Queues:
    """The queues of the consumers."""
    return Queues(*(boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in Queues._fields))


def sent(url: str) -> list[dict[str, Any]]:
    messages = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"]) for each in messages]


def looks_at(*messages: dict[str, Any]) -> None:
    assert consumers.handler(batch(map(json.dumps, messages)), Context()) == {"batchItemFailures": []}


def rebuilds(to: Queues) -> list[dict[str, Any]]:
    """Have all schedules set anew, and return what the consumer of projects is asked to look at."""
    rebuild_schedules.run(to, rebuild_schedules.walk(anew=True), pace=Pace(1_000_000), wait=lambda _: None)
    return sent(to.projects)


def test_those_of_open_milestones_are_there_again(
    to: Queues, ada: Person, project: str, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    scheduler.make_surroundings(monkeypatch)
    table.transact(tenants.founded(tenant_id=ada.tenant_id, name="Engines", at=clock.now()))
    late, ended = (ada.begins(project, ada, due_on="2026-11-25") for _ in range(2))
    ada.post(f"{ended}/cancel", {"reason": "Not needed."})
    milestone_id = late.rpartition("/")[2]
    look = {
        "tenant_id": ada.tenant_id,
        "project_id": project.rpartition("/")[2],
        "project_milestone_id": milestone_id,
    }
    looks_at(look)
    due = scheduler.scheduled(milestone_id)
    scheduler.remove(milestone_id)
    about = rebuilds(to)
    looks_at(*about)

    assert about == [look]
    assert due is not None
    assert scheduler.scheduled(milestone_id) == due
