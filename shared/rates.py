"""A rate: how many requests a second somebody may send, and how many of them at once."""

from typing import Final, NamedTuple

MOST: Final = 1_000_000
"""More than any limit that is one; a load test is given as much."""


class Rate(NamedTuple):
    """Requests a second and the burst, how many may come at once; each at least 1, together the text `20/50`."""

    requests_per_second: int
    burst: int

    def __str__(self) -> str:
        return f"{self.requests_per_second}/{self.burst}"

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """Return the rate that the text is. Raises ValueError when it is none."""
        requests_per_second, burst = map(int, text.split("/"))
        if not (1 <= requests_per_second <= MOST and 1 <= burst <= MOST):
            raise ValueError(f"not a rate: {text}")
        return cls(requests_per_second, burst)
