"""What follows from merges and erasures, brought to its consumer as the bus and the queue do."""

import boto3

from functions.audience.activity import consumers
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.webhooks.people import stored_events

QUEUE = "milepost-local-LeadFollowUps-Queue"
FOLLOWED = {"audience.lead.merged", "audience.lead.erased"}


def make_queue() -> str:
    """Make the queue of leads that were merged or erased, and return its address."""
    return str(boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"])


def happened(*event_types: str) -> list[Event]:
    """Return the events of these types, in their order."""
    return sorted(
        (each for each in stored_events() if each.event_type in event_types), key=lambda event: event.event_id
    )


def follow_up(queue_url: str) -> int:
    """Hand the consumer every event that it listens to, and what it asks for then; return how many messages failed."""
    failed = 0
    for event in happened(*FOLLOWED):
        failed += len(consumers.handler(delivered([event]), Context())["batchItemFailures"])
    while found := boto3.client("sqs").receive_message(QueueUrl=queue_url).get("Messages"):
        failed += len(consumers.handler(batch([each["Body"] for each in found]), Context())["batchItemFailures"])
        for each in found:
            boto3.client("sqs").delete_message(QueueUrl=queue_url, ReceiptHandle=each["ReceiptHandle"])
    return failed
