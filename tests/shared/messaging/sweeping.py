"""Timers of a kind that no context has, their queue, and runs of the sweep."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from shared import clock
from shared.clock import Instant
from shared.messaging import timers
from shared.messaging.timers import SHARDS, Timer
from shared.storage import table
from shared.storage.attributes import Item
from tests.aws import hooks
from tests.aws.entries import Context

KIND = "tests.subject"


@pytest.fixture
def queue_url(aws: None) -> Iterator[str]:
    """The queue of whoever handles what is due."""
    url = boto3.client("sqs").create_queue(QueueName="Due")["QueueUrl"]
    yield url
    boto3.client("sqs").delete_queue(QueueUrl=url)


def waits(count: int, *, at: Instant, group: str = "tenant_1", first: int = 0) -> list[str]:
    """Write timers that are due at an instant, and return their subjects."""
    subjects = [f"subject_{group}_{first + number:05}" for number in range(count)]
    table.put_many([item(subject, at=at, group=group) for subject in subjects])
    return subjects


def item(subject: str, *, at: Instant, group: str = "tenant_1", token: str = "") -> Item:
    timer = Timer(KIND, subject, group, at, {"subject": subject}, token)
    return {"PK": f"SUBJECT#{subject}", "SK": "TIMER", "entity": "Timer", **timers.attributes(timer, look_at=at)}


def shard_of(subject: str) -> int:
    return int(item(subject, at=clock.now())["GSI1PK"].rpartition("#")[2])


def sweep(queue_url: str, shard: int, context: Any = None) -> int:
    return timers.sweep(KIND, shard, queue_url=queue_url, context=context or Context())


def sweep_all(queue_url: str) -> int:
    return sum(sweep(queue_url, shard) for shard in range(SHARDS))


def messages(url: str) -> list[dict[str, Any]]:
    """Return the messages of a queue with their groups, and leave it empty."""
    found: list[dict[str, Any]] = []
    sqs = boto3.client("sqs")
    asked: dict[str, Any] = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["MessageGroupId"]}
    while received := sqs.receive_message(QueueUrl=url, **asked).get("Messages"):
        handled = [{"Id": each["MessageId"], "ReceiptHandle": each["ReceiptHandle"]} for each in received]
        sqs.delete_message_batch(QueueUrl=url, Entries=handled)
        found += [json.loads(each["Body"]) | {"group": each["Attributes"]["MessageGroupId"]} for each in received]
    return found


@contextmanager
def collecting(url: str) -> Iterator[list[str]]:
    """Yield the subjects of what is sent, and empty the queue after each call: moto is slow with a long one."""
    found: list[str] = []

    def take(**_: object) -> None:
        found.extend(subjects(url))

    with hooks.registered("after-call.sqs.SendMessageBatch", take):
        yield found


def subjects(url: str) -> list[str]:
    return [each["subject"] for each in messages(url)]
