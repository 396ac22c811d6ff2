"""The scheduler of a stage, as moto keeps it: the schedules that functions have set, and the queue they send to."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest

from shared.messaging import schedules

GROUP = "milepost-local"
QUEUE = "Schedules"
DEAD_LETTERS = "arn:aws:sqs:eu-west-1:123456789012:SchedulesDeadLetters"
ROLE = "arn:aws:iam::123456789012:role/milepost-local-schedules"


def make_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the stage a group of schedules, and the function its queue."""
    if boto3.client("sqs").list_queues(QueueNamePrefix=QUEUE).get("QueueUrls"):
        boto3.client("sqs").delete_queue(QueueUrl=_queue_url())
    queue_url = boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]
    attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    if not any(group["Name"] == GROUP for group in _client().list_schedule_groups()["ScheduleGroups"]):
        _client().create_schedule_group(Name=GROUP)
    monkeypatch.setenv("SCHEDULE_GROUP", GROUP)
    monkeypatch.setenv("SCHEDULE_ROLE_ARN", ROLE)
    monkeypatch.setenv("SCHEDULE_QUEUE_URL", queue_url)
    monkeypatch.setenv("SCHEDULE_QUEUE_ARN", attributes["Attributes"]["QueueArn"])
    monkeypatch.setenv("SCHEDULE_DEAD_LETTERS_ARN", DEAD_LETTERS)
    schedules.client.cache_clear()


def scheduled(name: str) -> str | None:
    """Return when a schedule will fire, to the second, None if there is none."""
    found = _scheduled(name)
    return None if found is None else found["ScheduleExpression"].removeprefix("at(").removesuffix(")") + "Z"


def target(name: str) -> dict[str, Any]:
    """Return the target of a schedule."""
    found = _scheduled(name)
    assert found is not None
    return found["Target"]


def message_of(name: str) -> str:
    """Return the message that a schedule sends."""
    return str(target(name)["Input"])


def remove(name: str) -> None:
    """Remove a schedule, as AWS does when it has fired."""
    _client().delete_schedule(Name=name, GroupName=GROUP)


def waiting() -> list[Mapping[str, Any]]:
    """Return the messages that have come to the queue by now, and leave it empty."""
    url = _queue_url()
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def _queue_url() -> str:
    return str(boto3.client("sqs").get_queue_url(QueueName=QUEUE)["QueueUrl"])


def _scheduled(name: str) -> dict[str, Any] | None:
    try:
        return _client().get_schedule(Name=name, GroupName=GROUP)  # type: ignore[return-value]
    except _client().exceptions.ResourceNotFoundException:
        return None


def _client() -> Any:
    return boto3.client("scheduler")
