"""A clock that several threads share: it goes on when all of them sleep, to when the first of them wakes."""

import threading
from collections.abc import Callable, Sequence


class VirtualClock:
    """The time in seconds, and who sleeps until when."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._changed = threading.Condition()
        self._awake = 0
        self._wakes: dict[int, float] = {}
        self._apart: dict[int, float] = {}

    def go_apart(self, seconds: float) -> None:
        """Let the clock of this thread be wrong by so much."""
        self._apart[threading.get_ident()] = seconds

    def seen(self) -> float:
        """Return the time as this thread takes it to be."""
        return self.now + self._apart.get(threading.get_ident(), 0.0)

    def sleep(self, seconds: float) -> None:
        """Sleep; the last one that falls asleep moves the time on, and wakes whoever is first."""
        me = threading.get_ident()
        with self._changed:
            self._wakes[me] = self.now + max(seconds, 0.0)
            self._awake -= 1
            self._move_on()
            self._changed.wait_for(lambda: me not in self._wakes)

    def run(self, workers: Sequence[Callable[[], None]]) -> None:
        """Run workers, each in its own thread, one at a time, until all of them have ended."""
        self._awake = len(workers)
        failures: list[BaseException] = []

        def run(work: Callable[[], None]) -> None:
            try:
                # All begin asleep, so that one runs at a time.
                self.sleep(0.0)
                work()
            except BaseException as error:
                failures.append(error)
            finally:
                with self._changed:
                    self._awake -= 1
                    self._move_on()

        threads = [threading.Thread(target=run, args=(each,)) for each in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def _move_on(self) -> None:
        if self._awake == 0 and self._wakes:
            first = min(self._wakes, key=lambda each: (self._wakes[each], each))
            self.now = max(self.now, self._wakes.pop(first))
            self._awake += 1
            self._changed.notify_all()
