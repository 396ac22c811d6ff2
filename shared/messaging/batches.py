"""Batches of messages (SQS), from the event bus or from a schedule, that are handled by what they speak of.

What several messages speak of is looked at once for all of them, and one that fails holds up no other.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from shared.observability import logger

Message = Mapping[str, Any]
Subject = TypeVar("Subject", bound=Hashable)


def per_subject(
    event: Mapping[str, Any], subject_of: Callable[[Message], Subject], do: Callable[[Subject, Sequence[Message]], None]
) -> dict[str, Any]:
    """Do something for each subject, with the messages that speak of it; answers those that are to come again.

    `subject_of` raises KeyError, TypeError or ValueError for a message that speaks of nothing.
    """
    groups: dict[Subject, dict[str, Message]] = defaultdict(dict)
    failed: list[str] = []
    for record in event["Records"]:
        try:
            message = json.loads(record["body"])
            groups[subject_of(message)][record["messageId"]] = message
        except (KeyError, TypeError, ValueError):
            logger.exception("message that nobody can read", message_id=record["messageId"])
            failed.append(record["messageId"])
    for subject, messages in groups.items():
        try:
            do(subject, list(messages.values()))
        except Exception:
            logger.exception("messages that could not be handled", subject=str(subject))
            failed += messages
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def is_event(message: Message) -> bool:
    """Tell whether a message is an event of the bus; all others come from schedules."""
    return "detail" in message
