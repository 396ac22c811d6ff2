"""A pace: so many sendings in any period, however many workers send. Pure: the caller says what time it is.

Each sending has a slot, the instant from which on it may begin, and slots are an interval apart. A slot that was not
used soon is given up, so a worker that was held up does not make up for it all at once. How long a slot is good, and by
how much clocks may differ, is added to the period: so also a window that begins with a late sending, and ends with an
early one, holds no more than there may be.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from shared.instants import SECOND, Instant

CLOCKS_DIFFER: Final[Instant] = 100
"""By less than this the clocks of workers differ; AWS keeps them within a few milliseconds."""

# Slots are in microseconds: the interval of 1000 sendings a second is a whole number of them.
_MILLISECOND: Final = 1000


class Pace(NamedTuple):
    """At most so many sendings in any period; a slot is good for `lateness`. All times in milliseconds."""

    most: int
    period: Instant = 60 * SECOND
    lateness: Instant = 500

    @property
    def interval(self) -> int:
        """Return the microseconds between two slots."""
        return -(-(self.period + self.lateness + CLOCKS_DIFFER) * _MILLISECOND // self.most)

    @property
    def per_second(self) -> int:
        """Return how many slots a second has, at least one."""
        return max(SECOND * _MILLISECOND // self.interval, 1)

    def slots(self, first: int, count: int) -> Sequence[Instant]:
        """Return so many slots from the first on, which is in microseconds, as instants; none is early."""
        return [-(-(first + number * self.interval) // _MILLISECOND) for number in range(count)]

    def is_good(self, slot: Instant, now: Instant) -> bool:
        """Return whether a sending with this slot may begin now."""
        return slot <= now < slot + self.lateness
