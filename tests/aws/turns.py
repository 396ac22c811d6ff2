"""Many threads on one made-up clock: one runs at a time, and next comes the one whose time is earliest.

So what races is the code under test, not the machine: how long something takes is said, not measured.
"""

import heapq
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Turns:
    """A clock in seconds from 0, for as many threads as it runs."""

    def __init__(self) -> None:
        self.now = 0.0
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._number = 0
        self._lock = threading.Lock()

    def run(self, count: int, call: Callable[[int], T]) -> list[T]:
        """Make a call in each of so many threads, all from the same moment; return their answers in order."""
        ready = threading.Barrier(count + 1, action=self._next)

        def take_part(number: int) -> T:
            turn = self._wait_until(0.0)
            ready.wait()
            turn.wait()
            try:
                return call(number)
            finally:
                self._next()

        with ThreadPoolExecutor(count) as threads:
            calls = [threads.submit(take_part, number) for number in range(count)]
            ready.wait()
            return [each.result() for each in calls]

    def sleep(self, seconds: float) -> None:
        """Let others run until so much time has passed."""
        turn = self._wait_until(self.now + seconds)
        self._next()
        turn.wait()

    def _wait_until(self, at: float) -> threading.Event:
        turn = threading.Event()
        with self._lock:
            self._number += 1
            heapq.heappush(self._waiting, (at, self._number, turn))
        return turn

    def _next(self) -> None:
        with self._lock:
            if self._waiting:
                self.now, _, turn = heapq.heappop(self._waiting)
                turn.set()
