"""Listened: that somebody may be listening to a goal, so that nothing is published of a goal to which nobody is.

AppSync asks the field `onGoalProgress` when somebody subscribes, and says nothing when they are gone. It ends a
connection after 24 hours, and who connects again subscribes again: so a subscription is over a day after it was asked
for (https://docs.aws.amazon.com/general/latest/gr/appsync.html).
"""

from typing import NamedTuple

from functions.goals import goals
from shared import clock
from shared.clock import DAY, SECOND, Instant
from shared.storage import records, table
from shared.storage.attributes import Key

KEPT = DAY + DAY // 24
"""As long as a connection lasts, and an hour for clocks that differ."""


class Listened(NamedTuple):
    """That somebody may be listening until a second."""

    goal_id: str
    ttl: int


def key(owner_id: str, goal_id: str) -> Key:
    """Return where it is noted that somebody listens to a goal: one item, however many they are."""
    return Key(goals.partition(owner_id), f"LISTENED#{goal_id}")


def note(owner_id: str, goal_id: str, *, now: Instant) -> None:
    """Note that somebody begins to listen. Raises Unavailable, and then they must not be told that they do.

    It is written before AppSync acknowledges the subscription, so every change after that is published.
    """
    listened = Listened(goal_id, (now + KEPT) // SECOND)
    # No transaction: thousands may begin to listen to one goal at once, and none of them is to wait for the others.
    table.put_many([records.to_item(key(owner_id, goal_id), "Listened", listened)])


def may_be(owner_id: str, goal_id: str) -> bool:
    """Return whether somebody may be listening to a goal. The read is consistent: who has just begun counts."""
    item = table.get(key(owner_id, goal_id), consistent=True)
    # DynamoDB removes an item up to two days after its time.
    return item is not None and int(item["ttl"]) > clock.now() // SECOND
