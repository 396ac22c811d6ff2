"""A circuit breaker: after failures in a row nothing is tried for a while, then one try at a time until one succeeds.

It knows what this instance of a function has seen; another one opens its own. Pure: the caller says what time it is.
"""

from dataclasses import dataclass

OPENS_AFTER = 5
OPEN_SECONDS = 15.0


@dataclass
class Breaker:
    """The state of one circuit; closed when new."""

    failures: int = 0
    retry_at: float | None = None

    def lets_through(self, now: float) -> bool:
        """Tell whether a call may be made now, in monotonic seconds; while half open, the first who asks may."""
        if self.retry_at is None:
            return True
        if now < self.retry_at:
            return False
        self.retry_at = now + OPEN_SECONDS
        return True

    def is_open(self, now: float) -> bool:
        """Tell whether a call would be refused now, without taking the one try of a half-open circuit."""
        return self.retry_at is not None and now < self.retry_at

    def succeeded(self) -> None:
        """Note that a call was answered, which closes the circuit."""
        self.failures, self.retry_at = 0, None

    def failed(self, now: float) -> None:
        """Note that a call was not answered as it should be."""
        self.failures += 1
        if self.failures >= OPENS_AFTER:
            self.retry_at = now + OPEN_SECONDS
