"""The one clock, and the instants it is read in (`shared/instants.py`)."""

import time

from shared.instants import (
    DAY,
    SECOND,
    Instant,
    from_datetime,
    from_rfc3339,
    from_stored,
    to_datetime,
    to_rfc3339,
)

__all__ = [
    "DAY",
    "SECOND",
    "Instant",
    "from_datetime",
    "from_rfc3339",
    "from_stored",
    "now",
    "to_datetime",
    "to_rfc3339",
]


def now() -> Instant:
    """Return the present instant."""
    return time.time_ns() // 1_000_000
