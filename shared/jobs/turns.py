"""Turns: a user's jobs are begun one after the other, so that two at the same moment do not pass the limit."""

from collections.abc import Sequence
from typing import Final

from shared import clock
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import TooManyRequests
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

MOST_AT_ONCE: Final = 3
"""How many jobs of one user may wait or run."""
MOST_AT_ONCE_OF_KEY: Final = 1
MOST_A_DAY_OF_KEY: Final = 10
"""How many jobs a bound key may begin in a day: it may be in the hands of many, who pay nothing for them."""


class KeyJobsUsedUp(TooManyRequests):
    """429: ten jobs were begun with this bound key within a day; `Retry-After` says when the next may be."""


def most_at_once(caller: Caller) -> int:
    """Return how many jobs of a caller may wait or run."""
    return MOST_AT_ONCE if caller.restriction is None else MOST_AT_ONCE_OF_KEY


def require_spare(caller: Caller, latest: Sequence[Item], now: Instant) -> None:
    """Require that a caller may begin another job today, beside their latest ones, the newest first.

    Raises KeyJobsUsedUp.
    """
    if caller.restriction is None or len(latest) < MOST_A_DAY_OF_KEY:
        return
    wait = clock.from_rfc3339(latest[MOST_A_DAY_OF_KEY - 1]["created_at"]) + clock.DAY - now
    if wait > 0:
        headers = {"Retry-After": str(wait // clock.SECOND + 1)}
        raise KeyJobsUsedUp("As many jobs were begun with this key as may in a day. Come back later.", headers=headers)


def next_one(partition: str) -> Put:
    """Return the write after which it is another's turn; it fails for whoever has read the same turn."""
    place = Key(partition, "JOBS")
    turns = table.get(place, consistent=True)
    version = turns["version"] if turns else 0
    item = {"PK": place.pk, "SK": place.sk, "entity": "JobTurns", "version": version + 1}
    return Put(item, unchanged(version) if turns else ABSENT)
