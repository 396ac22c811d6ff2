"""Messages of a queue (SQS): work that is handed on, and when what could not be handled comes again.

A message may come twice, and messages come in any order; who takes one looks at the present state first.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from shared.aws import endpoints
from shared.aws.client import FAILURES, SQS, Client, Limits
from shared.errors import Unavailable
from shared.observability import logger

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
MAX_DELAY_SECONDS: Final = 15 * 60
_CLIENT: Final = Client(SQS, Limits(connect_seconds=1, answer_seconds=5))


def send(queue_url: str, message: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
    """Put a message on a queue, visible after the delay, which is 0 to 900 seconds. Raises Unavailable."""
    request = {"QueueUrl": queue_url, "MessageBody": json.dumps(message), "DelaySeconds": delay_seconds}
    try:
        _CLIENT.call("SendMessage", request)
    except FAILURES as error:
        raise Unavailable("The queue did not answer in time.") from error


def postpone(message: Mapping[str, Any], *, seconds: int) -> None:
    """Let a message that has failed come again after these seconds, 12 hours at most.

    When the queue does not answer, it comes again when its visibility ends by itself, which is later.
    """
    arn: str = message["eventSourceARN"]
    request = {"QueueUrl": _url(arn), "ReceiptHandle": message["receiptHandle"], "VisibilityTimeout": seconds}
    try:
        _CLIENT.call("ChangeMessageVisibility", request)
    except FAILURES as error:
        logger.warning("a message could not be postponed", queue=arn, reason=type(error).__name__)


def _url(arn: str) -> str:
    """Return the address of a queue, which the ARN and the endpoint say; asking for it would be a permission more."""
    account, name = arn.split(":")[-2:]
    return f"{endpoints.of(SQS.name).url}/{account}/{name}"
