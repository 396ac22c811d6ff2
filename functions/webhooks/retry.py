"""When a delivery is tried again: the example schedule of Standard Webhooks 1.0.0, with jitter, over three days.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
"""

import re
from email.utils import parsedate_to_datetime
from typing import Final

from shared.instants import DAY, SECOND, Instant, from_datetime

_MINUTE = 60 * SECOND
_HOUR = 60 * _MINUTE

WAITS: Final[tuple[Instant, ...]] = (
    5 * SECOND,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
"""How long to wait after each failed try, in milliseconds; after the last one there is no other."""
JITTER: Final = 0.1
"""A wait is longer by up to this part of it, so that what failed together does not come back together."""
MAX_ASKED: Final = DAY
"""The longest `Retry-After` that is honoured: an endpoint cannot put its deliveries off for ever."""
FAILING: Final = 5 * DAY
"""How long nothing but failures must have come from an endpoint until it is disabled."""
UNBROKEN: Final = 2 * DAY
"""The longest pause between failures that belong together: more than the longest wait with its jitter."""

_SECONDS = re.compile(r"\d{1,9}", re.ASCII)


def due(tries: int, *, now: Instant, spread: float, retry_after: str | None) -> Instant | None:
    """Return when to try again after so many tries, None when there is no other.

    `spread` is 0 to 1, at random. A `Retry-After` (RFC 9110, section 10.2.3) makes a wait longer, never shorter.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[tries - 1]
    return now + max(wait + round(wait * JITTER * spread), _asked(retry_after, now))


def failing_since(earlier: Instant | None, last: Instant | None, *, now: Instant) -> Instant:
    """Return since when an endpoint fails that fails now, and before that did at `last`, since `earlier`."""
    if earlier is None or last is None or now - last > UNBROKEN:
        return now
    return earlier


def _asked(retry_after: str | None, now: Instant) -> Instant:
    """Return how long a `Retry-After` asks to wait; 0 for none, and for what is neither seconds nor a date."""
    if retry_after is None:
        return 0
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return min(int(text) * SECOND, MAX_ASKED)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0
    # A date of HTTP is always in GMT; without a zone it is none.
    return 0 if moment.tzinfo is None else min(max(from_datetime(moment) - now, 0), MAX_ASKED)
