"""How a new version takes over from the one before: a part of the requests first, for some minutes."""

import re
from typing import NamedTuple

_WRITTEN = re.compile(r"(\d{1,2})% for (\d{1,2}) minutes", re.ASCII)
# Below five minutes the alarms would decide after the others have followed: CloudWatch counts by the minute, and is a
# minute or two behind. CloudFormation and its credentials wait for the end of each deployment.
FEWEST_MINUTES, MOST_MINUTES = 5, 60
MOST_PERCENT = 50


class Canary(NamedTuple):
    """The percent of requests that a new version answers first, and for how many minutes."""

    percent: int
    minutes: int

    @classmethod
    def parse(cls, text: str) -> "Canary":
        """Return what a text such as `10% for 5 minutes` says. Raises ValueError for what is none."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f'not written like "10% for 5 minutes": {text!r}')
        canary = cls(int(written[1]), int(written[2]))
        if not 1 <= canary.percent <= MOST_PERCENT:
            raise ValueError(f"1 to {MOST_PERCENT} percent can be first, not {canary.percent}")
        if not FEWEST_MINUTES <= canary.minutes <= MOST_MINUTES:
            raise ValueError(f"{FEWEST_MINUTES} to {MOST_MINUTES} minutes decide, not {canary.minutes}")
        return canary

    def __str__(self) -> str:
        """Return the text that it is parsed from."""
        return f"{self.percent}% for {self.minutes} minutes"
