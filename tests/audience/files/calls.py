"""The calls that a run makes to the bucket, and its writes to the table: before one of them something may happen."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from shared.storage import files
from tests.aws import hooks


class Killed(BaseException):
    """The function was ended by its time-out: nothing that it could catch."""


class Calls:
    """Counts calls, and does something before the one of a number."""

    def __init__(self, number: int, do: Callable[[], None]) -> None:
        self.made = 0
        self._number = number
        self._do = do
        self._lock = threading.RLock()

    def __call__(self, **_: Any) -> None:
        with self._lock:
            self.made += 1
            is_it = self.made == self._number
        if is_it:
            self._do()


@contextmanager
def before(number: int, do: Callable[[], None]) -> Iterator[Calls]:
    """Do something before the call of this number; how many were made is known afterwards."""
    calls = Calls(number, do)
    in_s3, in_table = "before-call.s3", "before-call.dynamodb.TransactWriteItems"
    events = files.client().meta.events
    events.register(in_s3, calls)
    with hooks.registered(in_table, calls):
        try:
            yield calls
        finally:
            events.unregister(in_s3, calls)


def kill() -> None:
    raise Killed
