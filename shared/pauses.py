"""How long to pause before another try: exponential backoff with full jitter, up to a deadline.

Callers who were refused in the same moment spread over the pause, and come back one by one
(https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
"""

import itertools
import math
import random
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

# Measured with 50 and 64 writers of one item (tests/shared/test_pauses.py): doubling comes too late, and with pauses
# shorter than a few tries nobody gets through while the others are trying.
_GROWTH: Final = 3.0
_TRIES_LONG: Final = 3
# Of the patience that is left: those who have waited long come sooner, and not all at its end.
_PART_OF_REST: Final = 0.6
_MOST_STEPS: Final = 16


class Backoff(NamedTuple):
    """The bound of the first pause and of every pause, and how long to keep trying.

    Between tries that take long a pause may be longer than `longest_seconds`: a try that waits for all the others says
    how many those are, and they must spread over as long as all of them take.
    """

    first_seconds: float
    longest_seconds: float
    patience_seconds: float


def bound_seconds(
    backoff: Backoff,
    tries: int,
    *,
    took_seconds: float,
    slowest_seconds: float = 0.0,
    left_seconds: float = math.inf,
) -> float:
    """Return the upper bound of the pause after so many tries.

    The last try took so long, the slowest of them so long, and so much of the patience is left.
    """
    first = max(backoff.first_seconds, _TRIES_LONG * took_seconds)
    longest = max(backoff.longest_seconds, _TRIES_LONG * slowest_seconds)
    return min(first * _GROWTH ** min(tries - 1, _MOST_STEPS), longest, max(first, _PART_OF_REST * left_seconds))


def tries(backoff: Backoff) -> Iterator[int]:
    """Yield the number of each try, with a pause before all but the first; end when patience does."""
    give_up = time.monotonic() + backoff.patience_seconds
    slowest = 0.0
    for number in itertools.count(1):
        begun = time.monotonic()
        yield number
        now = time.monotonic()
        if now >= give_up:
            return
        took, left = now - begun, give_up - now
        slowest = max(slowest, took)
        bound = bound_seconds(backoff, number, took_seconds=took, slowest_seconds=slowest, left_seconds=left)
        time.sleep(min(random.uniform(0, bound), left))  # noqa: S311 - jitter


def after(backoff: Backoff, tries: int, *, took_seconds: float) -> None:
    """Pause after so many tries, the last of which took so long."""
    time.sleep(random.uniform(0, bound_seconds(backoff, tries, took_seconds=took_seconds)))  # noqa: S311 - jitter


def now() -> float:
    """Return the present on the monotonic clock, in seconds."""
    return time.monotonic()


def until(instant: float) -> None:
    """Pause until an instant of the monotonic clock; not at all when it has passed."""
    time.sleep(max(instant - time.monotonic(), 0))
