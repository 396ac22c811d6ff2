"""An allowance: how many one-time codes may be sent to somebody within a time."""

from collections.abc import Sequence

from shared.clock import SECOND, Instant
from shared.errors import TooManyRequests


class TooManyChallenges(TooManyRequests):
    """429: you were sent five codes in 15 minutes, or five by SMS in a day; `Retry-After` says when to ask again."""


def used(sent_at: Sequence[Instant], *, most: int, within: Instant, now: Instant) -> list[Instant]:
    """Return when codes were sent that still count, now included. Raises TooManyChallenges when that is too many."""
    counting = [instant for instant in sent_at if now < instant + within]
    if len(counting) >= most:
        seconds = -((now - counting[0] - within) // SECOND)
        raise TooManyChallenges("Too many codes were sent to you already.", headers={"Retry-After": str(seconds)})
    return [*counting, now]
