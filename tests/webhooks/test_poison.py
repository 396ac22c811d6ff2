"""A message that nobody can handle ends apart after eight tries, its neighbours are done once, and it can come back."""

import json
from collections.abc import Callable

import boto3
import pytest

from functions.webhooks import consumers, delivery_consumers
from infra.commands import redrive
from shared import config
from shared.storage import table
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.webhooks.people import Backbone, Person, record, told, waiting
from tests.webhooks.receiver import Receiver


@pytest.mark.parametrize("handler", [consumers.handler, delivery_consumers.handler])
def test_a_poisoned_message_ends_apart_and_its_neighbours_are_done_once(
    ada: Person, receiver: Receiver, backbone: Backbone, handler: Callable[..., dict[str, list[dict[str, str]]]]
):
    ada.listens(receiver.url)
    event = ada.completes_goal()
    sqs = boto3.client("sqs")
    dead = sqs.create_queue(QueueName="milepost-local-Poison-DeadLetters")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": "8"}}'
    attributes = {"RedrivePolicy": policy, "VisibilityTimeout": "0"}
    queue = sqs.create_queue(QueueName="milepost-local-Poison-Queue", Attributes=attributes)["QueueUrl"]
    bodies = ["{", body_of(event, handler)]
    for body in bodies:
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    if handler is delivery_consumers.handler:
        told(event)
        sqs.purge_queue(QueueUrl=config.deliveries_queue_url())
    received = drained(queue, handler)
    backbone.runs()

    assert received == 8
    assert (waiting(queue), waiting(dead)) == (0, 1)
    assert [message.webhook_id for message in receiver.messages] == [event.event_id]
    assert redrive.move(sqs, dead, to=queue) == 1
    assert (waiting(queue), waiting(dead)) == (1, 0)


def body_of(event: Event, handler: object) -> str:
    """Return the message of an event as the handler's queue has it."""
    if handler is consumers.handler:
        return json.dumps({"detail": event._asdict()})
    endpoint = table.query(f"TENANT#{event.tenant_id}", "WEBHOOK#", limit=1).items[0]
    return json.dumps(
        {"tenant_id": event.tenant_id, "endpoint_id": endpoint["endpoint_id"], "event_id": event.event_id}
    )


def drained(queue: str, handler: Callable[..., dict[str, list[dict[str, str]]]]) -> int:
    """Do what Lambda does with a queue until it is empty; return how often the poisoned message was received."""
    sqs, poisoned = boto3.client("sqs"), 0
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        records = [record(message["Body"]) for message in messages]
        failed = {each["itemIdentifier"] for each in handler({"Records": records}, Context())["batchItemFailures"]}
        poisoned += sum(message["Body"] == "{" for message in messages)
        for message, each in zip(messages, records, strict=True):
            if each["messageId"] not in failed:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return poisoned
