"""Messages of a queue (SQS): work that is handed on, and when what could not be handled comes again.

A message may come twice, and messages come in any order; who takes one looks at the present state first.
"""

import functools
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from botocore import session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.errors import Unavailable
from shared.observability import logger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
MAX_DELAY_SECONDS: Final = 15 * 60


def send(queue_url: str, message: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
    """Put a message on a queue, visible after the delay, which is 0 to 900 seconds. Raises Unavailable."""
    try:
        client().send_message(QueueUrl=queue_url, MessageBody=json.dumps(message), DelaySeconds=delay_seconds)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The queue did not answer in time.") from error


def postpone(message: Mapping[str, Any], *, seconds: int) -> None:
    """Let a message that has failed come again after these seconds, 12 hours at most.

    When the queue does not answer, it comes again when its visibility ends by itself, which is later.
    """
    arn: str = message["eventSourceARN"]
    try:
        client().change_message_visibility(
            QueueUrl=_url(arn), ReceiptHandle=message["receiptHandle"], VisibilityTimeout=seconds
        )
    except (BotoCoreError, ClientError) as error:
        logger.warning("a message could not be postponed", queue=arn, reason=type(error).__name__)


def _url(arn: str) -> str:
    """Return the address of a queue, which the ARN and the endpoint say; asking for it would be a permission more."""
    account, name = arn.split(":")[-2:]
    return f"{client().meta.endpoint_url}/{account}/{name}"


@functools.cache
def client() -> "SQSClient":
    """Return the one client of this process."""
    retries = Config(connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    return cast("SQSClient", session.get_session().create_client("sqs", config=retries))
