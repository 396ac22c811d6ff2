"""Calls that race each other."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.errors import Refusal
from tests.aws import hooks

_CALLS = "before-call.dynamodb"


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Make all calls in the same moment, each in its own thread; return their answers, or their refusals."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        return _answer(call)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def shuffled(seed: int, *calls: Callable[[], Any]) -> list[Any]:
    """Make all calls in turns that a seed chooses; return their answers, or their refusals.

    One goes on at a time, up to where it would ask the table next. So each seed is an order of what all of them ask,
    and the same one again; threads that are left to themselves do nearly always one after the other.
    """
    return _Order(seed, len(calls)).run(calls)


class _Order:
    """Who goes on next, among those who wait to ask the table."""

    def __init__(self, seed: int, count: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - which order it is
        self._running, self._waiting = count, dict[int, threading.Event]()
        self._lock, self._mine = threading.Lock(), threading.local()

    def run(self, calls: tuple[Callable[[], Any], ...]) -> list[Any]:
        def take_part(number: int) -> Any:
            self._mine.number = number
            self._wait()
            try:
                return _answer(calls[number])
            finally:
                with self._lock:
                    self._running -= 1
                    self._choose()

        with hooks.registered(_CALLS, self._wait), ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(take_part, range(len(calls))))

    def _wait(self, **_: Any) -> None:
        turn = threading.Event()
        with self._lock:
            self._waiting[self._mine.number] = turn
            self._choose()
        turn.wait()

    def _choose(self) -> None:
        """Let one go on, once all who take part wait."""
        if self._waiting and len(self._waiting) == self._running:
            self._waiting.pop(self._random.choice(sorted(self._waiting))).set()


def _answer(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Refusal as refusal:
        return refusal
