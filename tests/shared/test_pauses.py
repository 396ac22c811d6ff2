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
        (1, 0.005, 0.01),
        (1, 0.006, 0.012),
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


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that moves only when somebody sleeps, and how long they slept."""
    pauses_made: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses_made.append)
    monkeypatch.setattr(time, "monotonic", lambda: sum(pauses_made))
    return pauses_made


def test_no_pause_is_longer_than_its_bound_and_none_comes_after_the_deadline(slept: list[float]):
    numbers = list(pauses.tries(BACKOFF))

    bounds = [pauses.bound_seconds(BACKOFF, number, took_seconds=0) for number in numbers]
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
        self.tries, self.done = [0] * count, [0.0] * count
        self.turns = [(self.random.uniform(0, 0.002), writer, -1) for writer in range(count)]
        heapq.heapify(self.turns)

    def run(self) -> None:
        while self.turns:
            now, writer, seen = heapq.heappop(self.turns)
            if seen < 0:
                self.tries[writer] += 1
                heapq.heappush(self.turns, (now + self.lasting(self.read_seconds), writer, self.version))
            else:
                self.write(now, writer, seen)

    def write(self, now: float, writer: int, seen: int) -> None:
        ends = now + self.lasting(self.write_seconds)
        # DynamoDB refuses a transaction while another one holds the item (TransactionConflict).
        if now >= self.held_until and seen == self.version:
            self.version, self.held_until, self.done[writer] = self.version + 1, ends, ends
            return
        took = self.read_seconds + self.write_seconds
        bound = pauses.bound_seconds(changes.backoff(), self.tries[writer], took_seconds=took)
        heapq.heappush(self.turns, (ends + self.random.uniform(0, bound), writer, -1))

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


def test_what_a_batch_left_is_sent_again_for_a_few_seconds():
    assert table.UNPROCESSED.patience_seconds <= 5
