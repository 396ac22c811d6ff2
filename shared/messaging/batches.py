"""Batches of messages (SQS), from the event bus or from a schedule, that are handled by what they speak of.

What several messages speak of is looked at once for all of them, and one that fails holds up no other. It comes again
after a pause that grows with each time, so that a service that is busy is given time.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final, TypeVar

from shared.messaging import handling, queues
from shared.observability import logger

Message = Mapping[str, Any]
Subject = TypeVar("Subject", bound=Hashable)
# What is no JSON, is nested too deeply, or lacks a field; a field of another type has no such method.
UNREADABLE: Final = (ValueError, RecursionError, KeyError, TypeError, AttributeError)
MAX_RECEIVES: Final = 8
"""After so many tries a message is a dead letter (`infra/constructs/bus.py`)."""
# With these, the tries of a message take 27 to 55 minutes.
_FIRST_PAUSE_SECONDS: Final = 60
_LONGEST_PAUSE_SECONDS: Final = 900
_RECEIVES: Final = "receives"


def per_subject(
    event: Mapping[str, Any], subject_of: Callable[[Message], Subject], do: Callable[[Subject, Sequence[Message]], None]
) -> dict[str, Any]:
    """Do something for each subject, with the messages that speak of it; answers those that are to come again.

    `subject_of` raises one of UNREADABLE for a message that speaks of nothing. Subjects of two types are two, also
    tuples that are equal.
    """
    groups: dict[tuple[type[Subject], Subject], dict[str, Message]] = defaultdict(dict)
    records = {record["messageId"]: record for record in event["Records"]}
    failed: list[str] = []
    for message_id, record in records.items():
        try:
            message = json.loads(record["body"])
            subject = subject_of(message)
            groups[type(subject), subject][message_id] = {**message, _RECEIVES: _receives(record)}
        except UNREADABLE:
            logger.exception("message that nobody can read", message_id=message_id)
            failed.append(message_id)
    for (_, subject), messages in groups.items():
        with handling.of_messages([records[message_id] for message_id in messages]) as handled:
            try:
                do(subject, list(messages.values()))
            except Exception:
                logger.exception("messages that could not be handled", subject=str(subject))
                handled.outcome = "failed"
                failed += messages
    for message_id in failed:
        queues.postpone(records[message_id], seconds=_pause_seconds(_receives(records[message_id])))
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def is_event(message: Message) -> bool:
    """Tell whether a message is an event of the bus; all others come from schedules."""
    return "detail" in message


def comes_again(message: Message) -> bool:
    """Return whether a message was handed out before: whoever had it may have died in the middle."""
    return int(message[_RECEIVES]) > 1


def is_last_try(message: Message) -> bool:
    """Return whether a message is a dead letter unless it is handled now."""
    return int(message[_RECEIVES]) >= MAX_RECEIVES


def _receives(record: Message) -> int:
    return int(record["attributes"]["ApproximateReceiveCount"])


def _pause_seconds(receives: int) -> int:
    longest = min(_FIRST_PAUSE_SECONDS * 2 ** (receives - 1), _LONGEST_PAUSE_SECONDS)
    return random.randint(longest // 2, longest)  # noqa: S311 - jitter, not a secret
