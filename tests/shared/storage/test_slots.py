"""Slots in the table: one write for many, none given twice, whoever asks at once and whatever answer is lost."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from shared import clock
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.pace import Pace
from shared.storage import slots, table
from shared.storage.slots import NoSlot
from tests.aws.races import at_once
from tests.aws.troubles import counting, losing_answers

THIRTY = Pace(30)
HOUR = 3600 * SECOND

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    slots.forget()
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:
        yield time


def reserved(count: int = 1, *, within: Instant = HOUR) -> list[Instant]:
    """Return how far away the reserved slots are, in milliseconds."""
    return [slot - clock.now() for slot in slots.reserve("endpoint_1", count, THIRTY, now=clock.now(), within=within)]


def test_the_first_slot_is_now_and_the_others_follow_in_their_interval():
    assert reserved(3) == [0, 2020, 4040]
    assert reserved(2) == [6060, 8080]
    assert reserved() == [10_100]


def test_a_reservation_is_one_write_however_many_slots_it_has():
    with counting() as made:
        for count in (1, 100, 3):
            reserved(count)

    assert made == ["dynamodb:UpdateItem"] * 3


def test_who_knows_nothing_yet_of_what_others_reserved_needs_two():
    reserved()
    slots.forget()
    with counting() as made:
        assert reserved() == [2020]

    assert made == ["dynamodb:UpdateItem"] * 2


def test_time_that_nobody_used_is_not_made_up_for(noon: time_machine.Traveller):
    reserved(10)
    noon.shift(600)

    assert reserved(2) == [0, 2020]


def test_slots_of_one_name_are_not_those_of_another():
    reserved(5)

    assert slots.reserve("endpoint_2", 1, THIRTY, now=clock.now(), within=HOUR) == [clock.now()]


def test_a_slot_too_far_away_is_not_reserved_and_costs_nothing_once_it_is_known():
    reserved(5)
    with pytest.raises(NoSlot) as refusal:
        reserved(within=10 * SECOND)
    with counting() as made, pytest.raises(NoSlot):
        reserved(within=10 * SECOND)

    assert refusal.value.until == clock.now() + 10_100
    assert made == []
    assert reserved(within=11 * SECOND) == [10_100]


def test_a_slot_that_others_made_too_far_away_is_not_reserved():
    reserved(5)
    slots.forget()
    with pytest.raises(NoSlot) as refusal:
        reserved(within=10 * SECOND)

    assert refusal.value.until == clock.now() + 10_100
    assert table.get(slots.key("endpoint_1"))["next_slot"] == refusal.value.until * 1000


def test_workers_that_reserve_at_once_have_no_slot_in_common():
    found = at_once(*[lambda: reserved(3)] * 16)
    taken = sorted(slot for each in found for slot in each)

    assert taken == [number * 2020 for number in range(48)]


@pytest.mark.parametrize("seconds", [-90, -0.05, 0.05, 90])
def test_a_worker_whose_clock_differs_gets_slots_that_nobody_else_has(noon: time_machine.Traveller, seconds: float):
    mine, theirs = list[Instant](), list[Instant]()
    for _ in range(5):
        mine += slots.reserve("endpoint_1", 2, THIRTY, now=clock.now(), within=HOUR)
        noon.shift(seconds)
        theirs += slots.reserve("endpoint_1", 2, THIRTY, now=clock.now(), within=HOUR)
        noon.shift(-seconds)
    taken = sorted(mine + theirs)

    assert min(later - earlier for earlier, later in itertools.pairwise(taken)) >= 2020


@pytest.mark.parametrize("takes_effect", [True, False])
def test_a_lost_answer_wastes_a_slot_at_most_and_gives_none_twice(takes_effect: bool):  # noqa: FBT001
    reserved()
    with losing_answers("UpdateItem", takes_effect=takes_effect), pytest.raises(Unavailable):
        reserved()

    assert reserved() == [4040 if takes_effect else 2020]


def test_an_item_that_was_removed_when_its_time_was_over_is_made_again(noon: time_machine.Traveller):
    reserved(3)
    noon.shift(timedelta(days=2))
    table.delete_many([slots.key("endpoint_1")])

    assert reserved(2) == [0, 2020]


def test_an_item_is_kept_until_its_last_slot_is_long_over():
    reserved(30)
    item = table.get(slots.key("endpoint_1"))

    assert item["ttl"] * 1000 > item["next_slot"] // 1000 + 12 * HOUR
