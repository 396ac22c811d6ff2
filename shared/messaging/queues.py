"""Messages of a queue (SQS): work that is handed on, and when what could not be handled comes again.

A message may come twice, and messages come in any order; who takes one looks at the present state first.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared import correlation
from shared.aws import endpoints
from shared.aws.client import FAILURES, SQS, Client, Limits
from shared.correlation import Correlation
from shared.errors import Unavailable
from shared.observability import logger

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
MAX_DELAY_SECONDS: Final = 15 * 60
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
MAX_ENTRIES: Final = 10
MAX_BYTES: Final = 256 * 1024
# How a message says what it belongs to, in the order of the fields of a correlation.
_ATTRIBUTES: Final = ("RequestId", "Traceparent")
# What these take at most: both names, types and values count towards the size of a message.
_ATTRIBUTE_BYTES: Final = 256
_CLIENT: Final = Client(SQS, Limits(connect_seconds=1, answer_seconds=5))


class Outgoing(NamedTuple):
    """A message to be sent.

    Whoever else is in its `group` waits with it: on a standard queue, a group with a backlog lets the others go by
    (fair queues); on a FIFO queue, the messages of a group come one after the other.
    `known_as` is for FIFO queues: another message that is known as the same within five minutes is dropped.
    `belongs_to` is the request that the message is sent for, unless it is the one that is handled now.
    """

    body: Mapping[str, Any]
    group: str
    delay_seconds: int = 0
    known_as: str | None = None
    belongs_to: Correlation | None = None


def send(queue_url: str, message: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
    """Put a message on a queue, visible after the delay, which is 0 to 900 seconds. Raises Unavailable."""
    request = {
        "QueueUrl": queue_url,
        "MessageBody": _text(message),
        "DelaySeconds": delay_seconds,
        **_said(correlation.current()),
    }
    try:
        _CLIENT.call("SendMessage", request)
    except FAILURES as error:
        raise Unavailable("The queue did not answer in time.") from error


def send_all(queue_url: str, messages: Sequence[Outgoing]) -> None:
    """Put messages on a queue, ten in a call. Raises Unavailable unless all were taken; some may have been then."""
    for batch in _batches([_entry(message) for message in messages]):
        if _refused(queue_url, batch):
            raise Unavailable("The queue did not take all messages.")


def put_in_order(queue_url: str, messages: Sequence[Outgoing]) -> int:
    """Put messages on a FIFO queue, and return how many were taken before the first that was not.

    Of those behind it, others may have been taken, but none of a group of which one was not: a call has one message of
    each group, because SQS takes the ones behind a refused one. Raises Unavailable when nothing can be said of a call.
    """
    waiting = dict(enumerate(_entry(message) for message in messages))
    while waiting:
        call = _first_of_groups(waiting)
        refused = _refused(queue_url, list(call.values()))
        waiting = {number: entry for number, entry in waiting.items() if number not in call}
        if refused:
            numbers = list(call)
            return min(*waiting, *(numbers[each] for each in refused), len(messages))
    return len(messages)


def _first_of_groups(waiting: Mapping[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Return the first message of each group, as many as SQS takes in one call."""
    firsts = dict[str, int]()
    for number, entry in waiting.items():
        firsts.setdefault(entry["MessageGroupId"], number)
    entries = [waiting[number] for number in firsts.values()]
    return dict(zip(firsts.values(), next(_batches(entries)), strict=False))


def _refused(queue_url: str, entries: Sequence[dict[str, Any]]) -> list[int]:
    """Send messages in one call, and return which of them the queue refused. Raises Unavailable."""
    numbered = [{"Id": str(number), **entry} for number, entry in enumerate(entries)]
    try:
        answer = _CLIENT.call("SendMessageBatch", {"QueueUrl": queue_url, "Entries": numbered})
    except FAILURES as error:
        raise Unavailable("The queue did not answer in time.") from error
    return [int(each["Id"]) for each in answer.get("Failed", ())]


def _entry(message: Outgoing) -> dict[str, Any]:
    # A FIFO queue refuses a delay of a message, even of nothing.
    delay = {"DelaySeconds": message.delay_seconds} if message.delay_seconds else {}
    known_as = {"MessageDeduplicationId": message.known_as} if message.known_as else {}
    said = _said(message.belongs_to or correlation.current())
    return {"MessageBody": _text(message.body), "MessageGroupId": message.group, **delay, **known_as, **said}


def _said(belongs_to: Correlation | None) -> dict[str, Any]:
    """Return the part of a message that says for which request it is sent, beside its body."""
    if belongs_to is None:
        return {}
    named = zip(_ATTRIBUTES, belongs_to, strict=True)
    return {"MessageAttributes": {name: {"DataType": "String", "StringValue": value} for name, value in named}}


def correlation_of(record: Mapping[str, Any]) -> Correlation | None:
    """Return for which request one of our functions has sent a message, None if it does not say."""
    said = record.get("messageAttributes") or {}
    named = zip(Correlation._fields, _ATTRIBUTES, strict=True)
    return correlation.read({field: said.get(name, {}).get("stringValue") for field, name in named})


def _text(body: Mapping[str, Any]) -> str:
    """Return a message as it is sent: SQS counts the bytes of its UTF-8."""
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def _batches(entries: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the entries in batches that SQS takes in one call."""
    batch: list[dict[str, Any]] = []
    size = 0
    for entry in entries:
        bytes_of = len(entry["MessageBody"].encode()) + _ATTRIBUTE_BYTES
        if batch and (len(batch) == MAX_ENTRIES or size + bytes_of > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += bytes_of
    if batch:
        yield batch


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
