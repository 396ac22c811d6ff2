"""How long to pause before another try: exponential backoff with full jitter, up to a deadline.

Callers who were refused in the same moment spread over the pause, and come back one by one
(https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
"""

import itertools
import random
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

# Measured with 64 writers of one item (tests/shared/test_pauses.py): doubling comes too late, and with pauses shorter
# than a try nobody gets through while the others are trying.
_GROWTH: Final = 3.0
_TRIES_LONG: Final = 2
_MOST_STEPS: Final = 16


class Backoff(NamedTuple):
    """The bound of the first pause and of every pause, and how long to keep trying."""

    first_seconds: float
    longest_seconds: float
    patience_seconds: float


def bound_seconds(backoff: Backoff, tries: int, *, took_seconds: float) -> float:
    """Return the upper bound of the pause after so many tries, the last of which took so long."""
    first = max(backoff.first_seconds, _TRIES_LONG * took_seconds)
    return min(first * _GROWTH ** min(tries - 1, _MOST_STEPS), backoff.longest_seconds)


def tries(backoff: Backoff) -> Iterator[int]:
    """Yield the number of each try, with a pause before all but the first; end when patience does."""
    give_up = time.monotonic() + backoff.patience_seconds
    for number in itertools.count(1):
        begun = time.monotonic()
        yield number
        now = time.monotonic()
        if now >= give_up:
            return
        pause = random.uniform(0, bound_seconds(backoff, number, took_seconds=now - begun))  # noqa: S311 - jitter
        time.sleep(min(pause, give_up - now))


def after(backoff: Backoff, tries: int, *, took_seconds: float) -> None:
    """Pause after so many tries, the last of which took so long."""
    time.sleep(random.uniform(0, bound_seconds(backoff, tries, took_seconds=took_seconds)))  # noqa: S311 - jitter


def now() -> float:
    """Return the present on the monotonic clock, in seconds."""
    return time.monotonic()


def until(instant: float) -> None:
    """Pause until an instant of the monotonic clock; not at all when it has passed."""
    time.sleep(max(instant - time.monotonic(), 0))
