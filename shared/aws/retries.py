"""When a call is tried again: three tries, pauses (`shared/pauses.py`), and a budget.

The budget is that of AWS's SDKs in standard mode: it runs out when a service is down, so that its clients do not keep
it down (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
"""

import threading
from math import inf
from typing import Final

from shared.pauses import Backoff

TRIES: Final = 3
CAPACITY: Final = 500
COST: Final = 5
COST_OF_TIMEOUT: Final = 10
PAUSES: Final = Backoff(first_seconds=0.05, longest_seconds=1.0, patience_seconds=inf)
"""How to pause after a try that failed by accident; the number of tries ends them."""
PAUSES_OF_THROTTLED: Final = Backoff(first_seconds=1.0, longest_seconds=2.0, patience_seconds=inf)
"""How to pause after a service has said that it is too busy: capacity comes by the second, not by the millisecond."""


class Budget:
    """What a client may spend on trying again: every retry costs, every answer gives a little back."""

    def __init__(self) -> None:
        self.left = CAPACITY
        self._lock = threading.Lock()

    def spend(self, *, timed_out: bool) -> int:
        """Return the cost of a retry, which is taken; 0 when there is not enough for it."""
        cost = COST_OF_TIMEOUT if timed_out else COST
        with self._lock:
            if cost > self.left:
                return 0
            self.left -= cost
        return cost

    def give_back(self, spent: int) -> None:
        """Return what a call spent on its last retry, or one when it needed none."""
        # Nearly every call: the budget is full, and nobody has to wait for the lock.
        if self.left == CAPACITY:
            return
        with self._lock:
            self.left = min(CAPACITY, self.left + (spent or 1))
