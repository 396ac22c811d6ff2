"""The schedules of goals, as moto keeps them, and the messages of a queue as Lambda hands them over."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
import pytest

from functions.goals import schedule_consumers
from shared import clock, events, queues, schedules, table
from tests.doors import Context

GROUP = "milepost-local"
QUEUE = "GoalSchedules"
ROLE = "arn:aws:iam::123456789012:role/milepost-local-schedules"


def make_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the stage a group of schedules, and the function its queue."""
    if "QueueUrls" in boto3.client("sqs").list_queues(QueueNamePrefix=QUEUE):
        boto3.client("sqs").delete_queue(QueueUrl=_queue_url())
    queue_url = boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]
    attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    if not any(group["Name"] == GROUP for group in _scheduler().list_schedule_groups()["ScheduleGroups"]):
        _scheduler().create_schedule_group(Name=GROUP)
    monkeypatch.setenv("SCHEDULE_GROUP", GROUP)
    monkeypatch.setenv("SCHEDULE_ROLE_ARN", ROLE)
    monkeypatch.setenv("SCHEDULE_QUEUE_URL", queue_url)
    monkeypatch.setenv("SCHEDULE_QUEUE_ARN", attributes["Attributes"]["QueueArn"])
    schedules.client.cache_clear()
    queues.client.cache_clear()


def scheduled(goal_id: str) -> str | None:
    """Return when the schedule of a goal will fire, to the second, None if it has none."""
    found = _scheduled(goal_id)
    return None if found is None else found["ScheduleExpression"].removeprefix("at(").removesuffix(")") + "Z"


def target(goal_id: str) -> dict[str, Any]:
    """Return the target of the schedule of a goal."""
    found = _scheduled(goal_id)
    assert found is not None
    return found["Target"]


def fire(goal_id: str) -> dict[str, Any]:
    """Let the schedule of a goal fire whatever the clock says: it is gone, and its message consumed."""
    message = target(goal_id)["Input"]
    _scheduler().delete_schedule(Name=goal_id, GroupName=GROUP)
    return consume(message)


def tell(owner_id: str, goal_id: str) -> dict[str, Any]:
    """Deliver every event of a goal that is in the table, newest first and each of them once more than needed."""
    stored = list(table.query_all(f"USER#{owner_id}", events.prefix(goal_id)))
    return consume(*(on_the_bus(events.stored(item)) for item in reversed(stored)))


def on_the_bus(event: events.Event) -> str:
    """Return the message that a rule of the bus makes of an event."""
    body = {"version": "0", "source": "milepost", "detail-type": event.event_type, "detail": event._asdict()}
    return json.dumps(body)


def consume(*bodies: str) -> dict[str, Any]:
    """Hand messages over to the consumer in one batch."""
    return schedule_consumers.handler(batch(bodies), Context())


def batch(bodies: Sequence[str]) -> dict[str, Any]:
    """Return a batch of messages as Lambda gets it from SQS."""
    return {"Records": [_record(f"message-{number}", body) for number, body in enumerate(bodies)]}


def waiting() -> list[Mapping[str, Any]]:
    """Return the messages that have come to the queue by now, and leave it empty."""
    url = _queue_url()
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def _queue_url() -> str:
    return str(boto3.client("sqs").get_queue_url(QueueName=QUEUE)["QueueUrl"])


def _record(message_id: str, body: str) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": str(clock.now())},
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:GoalSchedules",
        "awsRegion": "eu-west-1",
    }


def _scheduled(goal_id: str) -> dict[str, Any] | None:
    try:
        return _scheduler().get_schedule(Name=goal_id, GroupName=GROUP)  # type: ignore[return-value]
    except _scheduler().exceptions.ResourceNotFoundException:
        return None


def _scheduler() -> Any:
    return boto3.client("scheduler")
