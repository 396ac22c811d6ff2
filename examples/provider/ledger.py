"""What the provider has been asked, and what it has taken: the proof of how often each message was sent."""

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any, Final

MOST_KEPT: Final = 250_000
"""So many messages are remembered, the newest."""

WINDOW_SECONDS: Final = 60.0
_MOST_NAMED: Final = 20


@dataclass
class Record:
    """What is known of a message: how often it was asked for, under which ids it was taken, and to whom."""

    calls: int = 0
    message_ids: list[str] = field(default_factory=list)


class Window:
    """The largest number of moments in any 60 seconds. The moments come in order."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque()
        self.most = 0

    def add(self, at: float) -> None:
        """Count a moment."""
        self.drop(at)
        self._moments.append(at)
        self.most = max(self.most, len(self._moments))

    def drop(self, now: float) -> int:
        """Forget what is more than a window ago, and return how many are left."""
        while self._moments and self._moments[0] <= now - WINDOW_SECONDS:
            self._moments.popleft()
        return len(self._moments)


class Ledger:
    """All that was asked and taken. Whoever calls it holds the lock of the provider."""

    def __init__(self) -> None:
        self._records: OrderedDict[str, Record] = OrderedDict()
        self._asked, self._taken = Window(), Window()
        self._answers: Counter[str] = Counter()
        self._number = 0

    @property
    def taken(self) -> int:
        """How many messages were taken."""
        return self._number

    def asked(self, message: str, at: float) -> Record:
        """Count a call for a message, and return what is known of that."""
        record = self._records.setdefault(message, Record())
        record.calls += 1
        self._asked.add(at)
        if len(self._records) > MOST_KEPT:
            self._records.popitem(last=False)
        return record

    def in_this_minute(self, now: float) -> int:
        """Return how many messages were taken in the minute that ends now."""
        return self._taken.drop(now)

    def take(self, record: Record, at: float, *, prefix: str) -> str:
        """Take a message, and return the id that it has here."""
        self._number += 1
        record.message_ids.append(f"{prefix}{self._number:032x}")
        self._taken.add(at)
        return record.message_ids[-1]

    def answered(self, answer: str) -> None:
        """Count an answer."""
        self._answers[answer] += 1

    def of(self, message: str) -> dict[str, Any]:
        """Return what is known of a message."""
        record = self._records.get(message, Record())
        return {"calls": record.calls, "taken": len(record.message_ids), "message_ids": record.message_ids}

    def report(self) -> dict[str, Any]:
        """Return the sums."""
        twice = [name for name, each in self._records.items() if len(each.message_ids) > 1]
        return {
            "calls": sum(each.calls for each in self._records.values()),
            "messages": len(self._records),
            "taken": self._number,
            "taken_twice": len(twice),
            "named_twice": twice[:_MOST_NAMED],
            "most_calls_of_a_message": max((each.calls for each in self._records.values()), default=0),
            "most_calls_in_a_minute": self._asked.most,
            "most_taken_in_a_minute": self._taken.most,
            "answers": dict(self._answers),
        }
