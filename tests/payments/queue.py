"""The queue of the process of payments, as tests have it: what is sent to it, and who gets that."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.aws import hooks

QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/payments"


@contextmanager
def taken() -> Iterator[list[dict[str, Any]]]:
    """Take what is sent to the queue meanwhile."""
    messages: list[dict[str, Any]] = []

    def take(params: Mapping[str, Any], **_: object) -> Mapping[str, Any]:
        entries = json.loads(params["body"])["Entries"]
        messages.extend(json.loads(each["MessageBody"]) for each in entries)
        return {"Successful": [{"Id": each["Id"]} for each in entries], "Failed": []}

    with hooks.registered("before-call.sqs.SendMessageBatch", take):
        yield messages
