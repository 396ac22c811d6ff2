"""Batches of a stream that Lambda gave up on, as it keeps them in a bucket.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.messaging import discarded
from shared.observability import logger

PREFIX: Final = "aws/lambda/"


def since(bucket: str, instant: Instant) -> Iterator[str]:
    """Yield the payload, an event of the stream, of each batch that was kept since an instant. Raises Unavailable."""
    for key in _keys(bucket, instant):
        body = _called("get_object", Bucket=bucket, Key=key)["Body"].read()
        try:
            yield str(json.loads(body)["payload"])
        except (KeyError, TypeError, ValueError):
            logger.error("a batch that cannot be read", key=key)


def _keys(bucket: str, instant: Instant) -> Iterator[str]:
    more: dict[str, Any] = {}
    while True:
        page = _called("list_objects_v2", Bucket=bucket, Prefix=PREFIX, **more)
        for each in page.get("Contents", []):
            if int(each["LastModified"].timestamp()) * SECOND >= instant:
                yield each["Key"]
        if not page.get("IsTruncated"):
            return
        more = {"ContinuationToken": page["NextContinuationToken"]}


def _called(operation: str, **asked: Any) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - for a cold start: nearly never needed

    try:
        return getattr(discarded.client(), operation)(**asked)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The bucket of discarded records did not answer in time.") from error
