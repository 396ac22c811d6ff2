"""Stages: what says that a goal is on its way in, by an import or a restore, until it appears.

A stage is a timer as well. Should the goal never appear, the sweep requests the removal of what was written of it, an
hour after the beginning; the removal ends with the stage.
"""

from typing import Final

from functions.goals import goals
from shared.clock import SECOND, Instant
from shared.messaging import timers
from shared.messaging.timers import Timer
from shared.storage.attributes import Item, Key

KIND: Final = "goals.import"
KEPT_SECONDS: Final = 3600


def key(user_id: str, goal_id: str) -> Key:
    """Return the key of a stage."""
    return Key(goals.partition(user_id), f"IMPORT#{goal_id}")


def end_of(begun_at: Instant) -> Instant:
    """Return when an import or a restore that was begun at an instant is given up."""
    return (begun_at // SECOND + KEPT_SECONDS) * SECOND


def to_item(owner_id: str, goal_id: str, at: Instant) -> Item:
    """Return the item of a stage that is given up at an instant."""
    pk, sk = key(owner_id, goal_id)
    removal = Timer(KIND, goal_id, owner_id, at, {"owner_id": owner_id, "goal_id": goal_id})
    return {
        "PK": pk,
        "SK": sk,
        "entity": "Import",
        "goal_id": goal_id,
        **timers.attributes(removal, look_at=at),
    }


def given_up_at(stage: Item) -> Instant:
    """Return when a stage is given up; one of an earlier version says so by its `ttl` until it is migrated."""
    return Instant(stage["at"] if "at" in stage else stage["ttl"] * SECOND)
