"""Where it is noted that a user listens to their own worklist (`onWorklistChanged`)."""

from shared.clock import Instant
from shared.messaging import listeners
from shared.storage.attributes import Key


def key(user_id: str) -> Key:
    """Return where it is noted that somebody listens to their worklist."""
    return Key(f"USER#{user_id}", "WORKLISTLISTENED")


def note(user_id: str, *, now: Instant) -> None:
    """Note that somebody begins to listen. Raises Unavailable, and then they must not be told that they do."""
    listeners.note(key(user_id), "ListenedWorklist", now=now)
