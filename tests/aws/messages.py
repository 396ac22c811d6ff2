"""Messages as Lambda gets them from SQS."""

import json
from collections.abc import Iterable
from typing import Any

from shared.messaging import bus
from shared.storage.events import Event


def batch(bodies: Iterable[str], *, receives: int = 1) -> dict[str, Any]:
    """Return a batch of messages; their ids are `message-0`, `message-1` and so on."""
    return {"Records": [_record(f"message-{number}", body, receives) for number, body in enumerate(bodies)]}


def delivered(events: Iterable[Event]) -> dict[str, Any]:
    """Return events in a batch of messages, as a rule of the bus puts them on a queue."""
    return batch(
        json.dumps({"source": bus.SOURCE, "detail-type": event.event_type, "detail": event._asdict()})
        for event in events
    )


def _record(message_id: str, body: str, receives: int) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": f"handle of {message_id}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(receives), "SentTimestamp": "1795167000000"},
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:milepost-local-Consumer-Queue",
        "awsRegion": "eu-west-1",
    }
