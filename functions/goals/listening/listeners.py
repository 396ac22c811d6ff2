"""Where it is noted that somebody may be listening to a goal."""

from functions.goals import goals
from shared.clock import Instant
from shared.messaging import listeners
from shared.storage.attributes import Key


def key(owner_id: str, goal_id: str) -> Key:
    """Return where it is noted that somebody listens to a goal: one item, however many they are."""
    return Key(goals.partition(owner_id), f"LISTENED#{goal_id}")


def note(owner_id: str, goal_id: str, *, now: Instant) -> None:
    """Note that somebody begins to listen. Raises Unavailable, and then they must not be told that they do."""
    listeners.note(key(owner_id, goal_id), "Listened", now=now)


def may_be(owner_id: str, goal_id: str) -> bool:
    """Return whether somebody may be listening to a goal."""
    return listeners.may_be(key(owner_id, goal_id))
