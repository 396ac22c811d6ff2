"""Pauses between tries: their bounds, their end, and how many tries they leave 64 writers of one item with."""

import heapq
import random
import time

import pytest

from shared import pauses
from shared.pauses import Backoff
from shared.storage import changes, table

BACKOFF = Backoff(first_seconds=0.01, longest_seconds=2.0, patience_seconds=8.0)


@pytest.mark.parametrize(
    ("tries", "took_seconds", "bound"),
    [
        (1, 0.0, 0.01),
        (1, 0.003, 0.01),
        (1, 0.006, 0.018),
        (2, 0.0, 0.03),
        (3, 0.0, 0.09),
        (5, 0.0, 0.81),
        (6, 0.0, 2.0),
        (1, 3.0, 2.0),
        (10_000, 0.0, 2.0),
    ],
)
def test_a_pause_grows_with_the_tries_and_with_how_long_they_take(tries: int, took_seconds: float, bound: float):
    assert pauses.bound_seconds(BACKOFF, tries, took_seconds=took_seconds) == pytest.approx(bound)


@pytest.mark.parametrize(("slowest_seconds", "bound"), [(0.5, 2.0), (1.0, 3.0), (2.5, 7.5)])
def test_a_pause_may_be_as_long_as_three_of_the_slowest_tries(slowest_seconds: float, bound: float):
    found = pauses.bound_seconds(BACKOFF, 10, took_seconds=0.1, slowest_seconds=slowest_seconds)

    assert found == pytest.approx(bound)


@pytest.mark.parametrize(("left_seconds", "bound"), [(8.0, 2.0), (2.0, 1.2), (0.1, 0.3), (0.0, 0.3)])
def test_pauses_get_shorter_with_the_patience_that_is_left(left_seconds: float, bound: float):
    found = pauses.bound_seconds(BACKOFF, 10, took_seconds=0.1, left_seconds=left_seconds)

    assert found == pytest.approx(bound)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that moves only when somebody sleeps, and how long they slept."""
    pauses_made: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses_made.append)
    monkeypatch.setattr(time, "monotonic", lambda: sum(pauses_made))
    return pauses_made


def test_no_pause_is_longer_than_its_bound_and_none_comes_after_the_deadline(slept: list[float]):
    numbers = list(pauses.tries(BACKOFF))

    left = [BACKOFF.patience_seconds - sum(slept[:number]) for number in range(len(numbers))]
    bounds = [
        pauses.bound_seconds(BACKOFF, number, took_seconds=0, left_seconds=rest)
        for number, rest in zip(numbers, left, strict=True)
    ]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(0 <= pause <= bound for pause, bound in zip(slept, bounds[:-1], strict=True))
    assert sum(slept) == pytest.approx(BACKOFF.patience_seconds)


def test_pauses_are_drawn_from_all_of_their_range(slept: list[float]):
    firsts = []
    for _ in range(400):
        two = pauses.tries(BACKOFF)
        next(two), next(two)
        firsts.append(slept[-1] / BACKOFF.first_seconds)

    quarters = [sum(1 for each in firsts if part / 4 <= each < (part + 1) / 4) for part in range(4)]
    assert min(quarters) > 50


class Writers:
    """Writers of one item who read, write if nobody else has written meanwhile, and pause: on a clock of their own."""

    def __init__(self, count: int, *, read_seconds: float, write_seconds: float, seed: int) -> None:
        self.read_seconds, self.write_seconds = read_seconds, write_seconds
        self.random = random.Random(seed)  # noqa: S311 - a model
        self.version, self.held_until = 0, 0.0
        self.tries, self.done, self.slowest = [0] * count, [0.0] * count, [0.0] * count
        self.turns = [(self.random.uniform(0, 0.002), writer, -1) for writer in range(count)]
        self.begun = [begun for begun, *_ in self.turns]
        heapq.heapify(self.turns)

    def run(self) -> None:
        while self.turns:
            now, writer, seen = heapq.heappop(self.turns)
            if seen < 0:
                self.tries[writer] += 1
                self.begun[writer] = now
                self.read(now, writer)
            else:
                self.write(now, writer, seen)

    def read(self, now: float, writer: int) -> None:
        heapq.heappush(self.turns, (now + self.lasting(self.read_seconds), writer, self.version))

    def write(self, now: float, writer: int, seen: int) -> None:
        ends = now + self.lasting(self.write_seconds)
        # DynamoDB refuses a transaction while another one holds the item (TransactionConflict).
        if now >= self.held_until and seen == self.version:
            self.version, self.held_until, self.done[writer] = self.version + 1, ends, ends
            return
        self.pause(writer, ends)

    def pause(self, writer: int, now: float) -> None:
        took = now - self.begun[writer]
        self.slowest[writer] = max(self.slowest[writer], took)
        backoff = changes.backoff()
        bound = pauses.bound_seconds(
            backoff,
            self.tries[writer],
            took_seconds=took,
            slowest_seconds=self.slowest[writer],
            left_seconds=max(backoff.patience_seconds - now, 0),
        )
        heapq.heappush(self.turns, (now + self.random.uniform(0, bound), writer, -1))

    def lasting(self, seconds: float) -> float:
        return seconds * self.random.uniform(0.7, 1.3)


@pytest.mark.parametrize(
    ("read_seconds", "write_seconds"), [(0.002, 0.006), (0.005, 0.012), (0.01, 0.02)], ids=["8 ms", "17 ms", "30 ms"]
)
def test_of_64_writers_of_one_item_99_of_100_need_at_most_8_tries(read_seconds: float, write_seconds: float):
    tries: list[int] = []
    latest = 0.0
    for seed in range(50):
        writers = Writers(64, read_seconds=read_seconds, write_seconds=write_seconds, seed=seed)
        writers.run()
        tries += writers.tries
        latest = max(latest, *writers.done)

    assert sum(1 for each in tries if each <= 8) >= 0.99 * len(tries)
    assert latest < changes.PATIENCE_SECONDS


class OneByOne(Writers):
    """Writers whose reads and writes are served one by one, whether they fail or not, as on one busy processor."""

    served_until = 0.0

    def served(self, now: float, seconds: float) -> float:
        self.served_until = max(now, self.served_until) + self.lasting(seconds)
        return self.served_until

    def read(self, now: float, writer: int) -> None:
        heapq.heappush(self.turns, (self.served(now, self.read_seconds), writer, self.version))

    def write(self, now: float, writer: int, seen: int) -> None:
        ends = self.served(now, self.write_seconds)
        if seen == self.version:
            self.version, self.done[writer] = self.version + 1, ends
        else:
            self.pause(writer, ends)


def test_50_writers_served_one_by_one_need_three_tries_each_and_less_than_their_patience():
    # A local stage with much else to do: the 50 tries of the first round take 1.6 seconds, and one of them is of use.
    # Pauses of two tries and 2 seconds at most made that 4.6 tries each, and a tenth of them late.
    runs = [OneByOne(50, read_seconds=0.007, write_seconds=0.025, seed=seed) for seed in range(50)]
    for run in runs:
        run.run()

    assert sum(sum(run.tries) for run in runs) < 3 * 50 * len(runs)
    assert max(max(run.done) for run in runs) < changes.PATIENCE_SECONDS


def test_what_a_batch_left_is_sent_again_for_a_few_seconds():
    assert table.UNPROCESSED.patience_seconds <= 5
