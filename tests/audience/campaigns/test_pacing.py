"""The pace over all workers, with a clock that stands still unless all of them sleep."""

import random
import time as real_time
from collections.abc import Callable

import pytest

from functions.audience.campaigns.sending.pacing import Level, TooLate, Turns
from shared import clock
from shared.clock import SECOND
from shared.pace import Pace
from shared.storage import slots
from tests.audience.campaigns.virtual import VirtualClock
from tests.aws import troubles

pytestmark = pytest.mark.usefixtures("aws")

START = 1_795_000_000.0


@pytest.fixture
def virtual(aws: None, monkeypatch: pytest.MonkeyPatch) -> VirtualClock:
    made = VirtualClock(START)
    monkeypatch.setattr(real_time, "time_ns", lambda: int(made.seen() * 1_000_000_000))
    monkeypatch.setattr(real_time, "monotonic", lambda: made.now)
    monkeypatch.setattr(real_time, "sleep", made.sleep)
    slots.forget()
    return made


def most_in_a_minute(sent: list[float]) -> int:
    return max(sum(first <= each < first + 60 for each in sent) for first in sent)


def worker(
    virtual: VirtualClock,
    left: list[int],
    sent: list[float],
    level: Callable[[], Level],
    stall: Callable[[], float],
    *,
    apart: float = 0.0,
) -> Callable[[], None]:
    """Return a worker that sends, one after the other, what nobody else has sent; its clock may be wrong."""

    def work() -> None:
        virtual.go_apart(apart)
        turns = Turns()
        while left:
            if not turns.has_one():
                turns.reserve(len(left), [level()], ends_at=clock.now() + 3600 * SECOND)
                virtual.sleep(stall())
            elif turns.use() and left:
                left.pop()
                sent.append(virtual.now)
                virtual.sleep(0.05)

    return work


@pytest.mark.parametrize("rate", [6, 30])
def test_no_minute_has_more_than_the_rate_with_three_workers_that_stall_and_whose_clocks_differ(
    virtual: VirtualClock, rate: int
) -> None:
    chance, left, sent = random.Random(rate), [*range(100)], list[float]()  # noqa: S311
    level = Level("campaign", Pace(rate))

    def stalls() -> float:
        return chance.uniform(0, 2)

    virtual.run([worker(virtual, left, sent, lambda: level, stalls, apart=apart) for apart in (-0.05, 0.0, 0.05)])

    assert len(sent) == 100
    assert most_in_a_minute(sent) <= rate


def test_a_changed_limit_holds_within_two_seconds(virtual: VirtualClock) -> None:
    left, sent = [*range(200)], list[float]()
    changed_at = START + 5

    def level() -> Level:
        rate = 600 if virtual.now < changed_at else 30
        return Level(f"campaign#{rate}", Pace(rate))

    virtual.run([worker(virtual, left, sent, level, lambda: 0.0) for _ in range(3)])
    after = [each for each in sent if each >= changed_at + 2]

    assert len(sent) == 200
    assert most_in_a_minute(after) <= 30


def test_50_workers_at_500_a_second_reserve_60_times_a_second_at_most(virtual: VirtualClock) -> None:
    left, sent = [*range(2000)], list[float]()
    level = Level("campaign", Pace(30_000))
    with troubles.counting() as calls:
        virtual.run([worker(virtual, left, sent, lambda: level, lambda: 0.0) for _ in range(50)])
    seconds = virtual.now - START

    assert len(sent) == 2000
    assert len(calls) / seconds <= 60


def test_a_slot_that_is_too_far_is_for_another_message(virtual: VirtualClock) -> None:
    level = Level("campaign", Pace(1))
    turns = Turns()
    turns.reserve(1, [level], ends_at=clock.now() + 30 * SECOND)

    with pytest.raises(TooLate) as late:
        Turns().reserve(1, [level], ends_at=clock.now() + 30 * SECOND)
    assert late.value.at > clock.now() + 30 * SECOND
