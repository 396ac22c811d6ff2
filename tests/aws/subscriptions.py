"""Subscribing to the event bus of a deployed stage, from outside as anybody would."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import boto3

from infra.stage.ministack import CREDENTIALS, REGION
from shared.messaging import bus
from shared.storage.events import Event


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
    # Several tests subscribe at once.
    name = f"asked-for-{secrets.token_hex(8)}"
    rule: dict[str, Any] = {"Name": name, "EventBusName": "milepost-local"}
    target: dict[str, Any] = {"Rule": name, "EventBusName": "milepost-local"}
    with ExitStack() as made:
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        made.callback(sqs.delete_queue, QueueUrl=url)
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        rules.put_rule(**rule, EventPattern=json.dumps({"detail-type": [event_type]}))
        made.callback(rules.delete_rule, **rule)
        rules.put_targets(**target, Targets=[{"Id": "queue", "Arn": arn}])
        made.callback(rules.remove_targets, **target, Ids=["queue"])

        def take() -> list[Event]:
            messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return [bus.read(json.loads(message["Body"])) for message in messages]

        yield take
