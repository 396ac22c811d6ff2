"""Batches of messages about goals, from the event bus or from a schedule.

A goal is looked at once for all messages of a batch that speak of it, and one that fails holds up no other.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from shared import bus
from shared.observability import logger

Message = Mapping[str, Any]


class About(NamedTuple):
    """Which goal a message speaks of."""

    owner_id: str
    goal_id: str


def per_goal(event: Mapping[str, Any], do: Callable[[About, Sequence[Message]], None]) -> dict[str, Any]:
    """Do something for each goal, with the messages that speak of it; answers those that are to come again."""
    groups: dict[About, dict[str, Message]] = defaultdict(dict)
    failed: list[str] = []
    for record in event["Records"]:
        try:
            message = json.loads(record["body"])
            groups[_about(message)][record["messageId"]] = message
        except (KeyError, TypeError, ValueError):
            logger.exception("message that nobody can read", message_id=record["messageId"])
            failed.append(record["messageId"])
    for about, messages in groups.items():
        try:
            do(about, list(messages.values()))
        except Exception:
            logger.exception("messages that could not be handled", goal_id=about.goal_id)
            failed += messages
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def is_event(message: Message) -> bool:
    """Tell whether a message is an event of the bus; all others come from schedules."""
    return "detail" in message


def _about(message: Message) -> About:
    data = bus.read(message).data if is_event(message) else message
    return About(data["owner_id"], data["goal_id"])
