"""Events on the deployed stage: from the change over the stream to the bus, and into a queue that asked for them."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3

from infra.local.client import call
from infra.local.deployment import Addresses
from infra.local.ministack import CREDENTIALS, REGION
from infra.local.sign_in import SignIn
from shared import bus, clock
from shared.events import Event

PATIENCE_SECONDS = 30


@contextmanager
def subscribed(endpoint: str, event_type: str) -> Iterator[Callable[[], list[Event]]]:
    """Subscribe a queue to a type of event; the function returns what has come since it was last asked."""
    aws: dict[str, Any] = {
        "endpoint_url": endpoint,
        "region_name": REGION,
        "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    }
    sqs, rules = boto3.client("sqs", **aws), boto3.client("events", **aws)
    url = sqs.create_queue(QueueName="asked-for")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule: dict[str, Any] = {"Name": "asked-for", "EventBusName": "milepost-local"}
    rules.put_rule(**rule, EventPattern=json.dumps({"detail-type": [event_type]}))
    rules.put_targets(Rule="asked-for", EventBusName="milepost-local", Targets=[{"Id": "queue", "Arn": arn}])

    def take() -> list[Event]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [bus.read(json.loads(message["Body"])) for message in messages]

    yield take
    rules.remove_targets(Rule="asked-for", EventBusName="milepost-local", Ids=["queue"])
    rules.delete_rule(**rule)
    sqs.delete_queue(QueueUrl=url)


def test_an_event_is_with_its_consumer_soon(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    me = sign_up()
    goals = f"{stack.api_url}/api/v1/goals"
    goal_id = call("POST", goals, body={"title": "Run a marathon"}, token=me.access_token).json()["goal_id"]
    names = [f"Run {number}" for number in range(9)]
    made = [call("POST", f"{goals}/{goal_id}/tasks", body={"title": name}, token=me.access_token) for name in names]
    waited = []
    with subscribed(stack.endpoint_url, "goals.task.completed") as take:
        for task in made:
            began, events = time.monotonic(), list[Event]()
            call("POST", f"{goals}/{goal_id}/tasks/{task.json()['task_id']}/complete", token=me.access_token)
            while not events and time.monotonic() < began + PATIENCE_SECONDS:
                events = take()
            waited.append(time.monotonic() - began)

            assert [event.data["task_id"] for event in events] == [task.json()["task_id"]]
            assert events[0].subject_id == goal_id
            assert clock.from_rfc3339(events[0].occurred_at) <= clock.now()

    assert statistics.median(waited) <= 1.5
