"""Which goal a message speaks of, be it an event of the bus or the message of a schedule."""

from typing import NamedTuple

from shared import ids
from shared.messaging import bus
from shared.messaging.batches import Message, is_event


class About(NamedTuple):
    """Which goal it is."""

    owner_id: str
    goal_id: str


def about(message: Message) -> About:
    """Return the goal that a message speaks of. Raises KeyError, TypeError or ValueError when it speaks of none."""
    data = bus.read(message).data if is_event(message) else message
    if not ids.is_valid(data["owner_id"], "user") or not ids.is_valid(data["goal_id"], "goal"):
        raise ValueError("no goal has these ids")
    return About(data["owner_id"], data["goal_id"])
