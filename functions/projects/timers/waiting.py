"""How milestones go on when a lag ends that they wait for: nothing happens to anybody then, but time passes."""

from functions.projects.dependencies.dependencies import GUARDING
from functions.projects.following import unblocking
from functions.projects.timers.seeing import Seen
from shared.clock import Instant
from shared.storage.writes import Write


def due(seen: Seen, now: Instant) -> list[Write]:
    """Return the writes after which a milestone shows whether it is blocked by others; none if it does."""
    return unblocking.judged(seen.milestone, seen.opened.prerequisites, now)


def next_end(seen: Seen, now: Instant) -> Instant | None:
    """Return when the next lag ends that a milestone waits for, None for none."""
    types, read = GUARDING.get(seen.milestone.status), seen.opened.prerequisites
    return None if types is None or read is None else read.next_end(seen.milestone, types, now)
