"""Whatever workers do with their slots, no window holds more sendings than there may be."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.clock import SECOND, Instant
from shared.pace import CLOCKS_DIFFER, Pace
from tests.soaking import histories, soaks

MINUTE = 60 * SECOND
THIRTY = Pace(30)
PACES = [THIRTY, Pace(1), Pace(7), Pace(1000), Pace(60_000), Pace(30, lateness=5 * SECOND), Pace(5, SECOND)]
START = 1_795_000_000_000


@dataclass
class Worker:
    """One that sends, whose clock is ahead by less than clocks differ."""

    ahead: Instant
    slots: list[Instant] = field(default_factory=list)


@dataclass
class Workers:
    """Workers who share a pace, and the instants at which they have really sent."""

    pace: Pace
    each: Sequence[Worker]
    now: Instant = START
    following: int = 0
    sent: list[Instant] = field(default_factory=list)

    def reserves(self, worker: Worker, count: int) -> None:
        first = max(self.following, (self.now + worker.ahead) * 1000)
        self.following = first + count * self.pace.interval
        worker.slots += self.pace.slots(first, count)

    def sends(self, worker: Worker) -> None:
        """Send by each slot that is good now, and give those up that are over, as a worker does when it wakes."""
        now = self.now + worker.ahead
        self.sent += [self.now for slot in worker.slots if self.pace.is_good(slot, now)]
        worker.slots = [slot for slot in worker.slots if slot > now]

    def most_in_a_window(self) -> int:
        """Return how many were sent in the fullest window, both its ends included."""
        ends = ((first, self.sent[first:]) for first in range(len(self.sent)))
        return max((sum(each <= rest[0] + self.pace.period for each in rest) for _, rest in ends), default=0)


# Which worker acts after how many milliseconds, and how many slots it reserves before it sends.
ACTS = st.tuples(
    st.integers(0, 2),
    st.one_of(st.sampled_from([0, 1, 499, 500, 600, 2019, 2020, 2021, 5000, 60_600]), st.integers(0, 3000)),
    st.sampled_from([0, 0, 1, 2, 31]),
)


@soaks
@settings(max_examples=histories(200, soaking=20_000), deadline=None)
@given(
    pace=st.sampled_from(PACES),
    ahead=st.lists(st.integers(0, CLOCKS_DIFFER - 1), min_size=3, max_size=3),
    acts=st.lists(ACTS, max_size=120),
)
def test_three_workers_that_stall_never_send_more_than_there_may_be(
    pace: Pace, ahead: list[int], acts: list[tuple[int, int, int]]
):
    workers = Workers(pace, [Worker(each) for each in ahead])
    for number, wait, count in acts:
        workers.now += wait
        worker = workers.each[number]
        if count:
            workers.reserves(worker, count)
        workers.sends(worker)

    assert workers.most_in_a_window() <= pace.most


@pytest.mark.parametrize("late", range(0, 500, 7))
@pytest.mark.parametrize("ahead", [(0, 99), (99, 0), (50, 50)])
def test_a_late_sending_and_early_ones_after_it_are_never_31_of_30(late: int, ahead: tuple[int, int]):
    slow, quick = Worker(ahead[0]), Worker(ahead[1])
    workers = Workers(THIRTY, [slow, quick], now=START)
    slots = THIRTY.slots(START * 1000, 40)
    workers.sent.append(slots[0] + late - slow.ahead)
    workers.sent += [slot - quick.ahead for slot in slots[1:]]

    assert workers.most_in_a_window() <= 30


@pytest.mark.parametrize("pace", PACES)
def test_who_is_on_time_loses_no_more_than_what_slots_and_clocks_are_allowed(pace: Pace):
    slots = pace.slots(START * 1000, pace.most + 1)

    assert slots[0] == START
    assert pace.period < slots[-1] - slots[0] <= pace.period + pace.lateness + CLOCKS_DIFFER + pace.most


@given(st.sampled_from(PACES), st.integers(0, 10**16), st.lists(st.integers(1, 50), max_size=5))
def test_slots_that_are_reserved_in_parts_are_those_reserved_at_once(pace: Pace, first: int, counts: list[int]):
    parts, following = list[Instant](), first
    for count in counts:
        parts += pace.slots(following, count)
        following += count * pace.interval

    assert parts == list(pace.slots(first, sum(counts)))
    assert parts == sorted(parts)


@pytest.mark.parametrize(("now", "is_good"), [(-1, False), (0, True), (499, True), (500, False), (60_000, False)])
def test_a_slot_is_good_for_half_a_second(now: int, is_good: bool):  # noqa: FBT001
    assert THIRTY.is_good(START, START + now) is is_good
