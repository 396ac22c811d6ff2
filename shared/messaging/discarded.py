"""Stream records that no retry can help, put aside whole, so that their shard goes on without them.

Lambda keeps what it gives up on in the same bucket and in the same shape (infra/constructs/discarded.py), but only
after 23 hours of retries, during which the shard waits. `make republish` sends both to their function again.
"""

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from shared import clock, config
from shared.errors import Unavailable
from shared.observability import logger

Record = Mapping[str, Any]
Read = TypeVar("Read")

UNREADABLE = "Unreadable"


class Invocation(Protocol):
    """What is asked of the Lambda context."""

    @property
    def invoked_function_arn(self) -> str:
        """Return the ARN of the function that runs."""

    @property
    def aws_request_id(self) -> str:
        """Return the id of this run."""


def sift(records: Iterable[Record], read: Callable[[Record], Read], context: Invocation) -> list[tuple[Record, Read]]:
    """Return each record with what `read` makes of it, and put aside those of which it makes nothing.

    `read` raises AttributeError, KeyError, TypeError or ValueError for one that it cannot read. Raises Unavailable.
    """
    found: list[tuple[Record, Read]] = []
    for record in records:
        try:
            made = read(record)
        except (AttributeError, KeyError, TypeError, ValueError):
            keep(record, context)
        else:
            found.append((record, made))
    return found


def keep(record: Record, context: Invocation) -> None:
    """Put a record aside that this function cannot read. Kept once, however often it comes. Raises Unavailable."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - for a cold start: nearly never needed

    payload = json.dumps({"Records": [record]}, sort_keys=True, separators=(",", ":"))
    # https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html: the shape Lambda uses.
    kept = {
        "requestContext": {
            "requestId": context.aws_request_id,
            "functionArn": context.invoked_function_arn,
            "condition": UNREADABLE,
            "approximateInvokeCount": 1,
        },
        "version": "1.0",
        "timestamp": clock.to_rfc3339(clock.now()),
        "payload": payload,
    }
    key = f"unreadable/{hashlib.sha256(payload.encode()).hexdigest()}"
    try:
        client().put_object(Bucket=config.discarded_bucket(), Key=key, Body=json.dumps(kept).encode())
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The bucket of discarded records did not answer in time.") from error
    logger.error("record put aside", key=key)


@functools.cache
def client() -> Any:
    """Return the one client of this process."""
    from botocore import session  # noqa: PLC0415 - for a cold start: nearly never needed
    from botocore.config import Config  # noqa: PLC0415

    retries = Config(connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    return session.get_session().create_client("s3", config=retries)
