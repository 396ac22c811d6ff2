"""An endpoint with a limit is never sent more in any minute, and everything arrives all the same."""

import random
from typing import Any

import pytest
import time_machine

from functions.webhooks import pacing
from shared import clock
from shared.clock import SECOND, Instant
from shared.storage import table
from shared.storage.events import Event
from tests.aws import hooks, troubles
from tests.webhooks.people import Backbone, Person, stored_events, told
from tests.webhooks.receiver import Receiver

MINUTE = 60 * SECOND


@pytest.fixture
def arrivals(receiver: Receiver) -> list[Instant]:
    """When messages came to the receiver."""
    came: list[Instant] = []
    receiver.before_answer = lambda: came.append(clock.now())
    return came


def most_in_a_minute(arrivals: list[Instant]) -> int:
    ordered = sorted(arrivals)
    return max(sum(first <= each <= first + MINUTE for each in ordered) for first in ordered)


def passes(time: time_machine.Traveller, backbone: Backbone, *, seconds: int, step: float = 1) -> None:
    """Let time pass in steps, with a sweep every five minutes."""
    swept = clock.now()
    end = swept + seconds * SECOND
    while clock.now() < end:
        time.shift(step)
        if clock.now() >= swept + 5 * MINUTE:
            swept = clock.now()
            backbone.sweeps()
        backbone.runs()


def waits(ada: Person, endpoint: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in ada.deliveries(endpoint, "limit=100") if each["status"] == "waiting"]


def turns(ada: Person, endpoint: dict[str, Any]) -> list[Instant]:
    """Return how far away the turns of those are that wait."""
    return sorted(clock.from_rfc3339(each["next_attempt_at"]) - clock.now() for each in waits(ada, endpoint))


def test_what_is_too_much_for_a_minute_waits_and_arrives(
    ada: Person, backbone: Backbone, receiver: Receiver, arrivals: list[Instant], noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url, max_per_minute=6)
    happened = [ada.completes_goal().event_id for _ in range(10)]
    backbone.runs()

    assert len(arrivals) == 1
    assert len(waits(ada, endpoint)) == 9
    passes(noon, backbone, seconds=120, step=2)
    assert sorted(message.webhook_id for message in receiver.messages) == sorted(happened)
    assert most_in_a_minute(arrivals) == 6
    assert waits(ada, endpoint) == []


def test_each_that_waits_says_when_its_turn_is(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url, max_per_minute=30)
    for _ in range(5):
        ada.completes_goal()
    backbone.runs()

    assert turns(ada, endpoint) == [2170, 4340, 6510, 8680]


@pytest.mark.parametrize("seed", range(2))
def test_workers_that_stall_never_send_seven_of_six_and_lose_nothing(
    ada: Person,
    backbone: Backbone,
    receiver: Receiver,
    arrivals: list[Instant],
    noon: time_machine.Traveller,
    seed: int,
):
    chance = random.Random(seed)  # noqa: S311 - a test's
    endpoint = ada.listens(receiver.url, max_per_minute=6)
    for _ in range(9):
        ada.completes_goal()

    def stall(**_: Any) -> None:
        """Hold up who has just reserved, claimed, or written what came of an attempt."""
        if chance.random() < 0.1:
            noon.shift(chance.choice([0.4, 3.0, 4.999, 5.0, 7.5]))

    with hooks.registered("after-call.dynamodb", stall):
        backbone.runs()
        passes(noon, backbone, seconds=240, step=3)

    assert len(arrivals) == 9
    assert most_in_a_minute(arrivals) <= 6
    assert waits(ada, endpoint) == []


def test_who_was_held_up_until_the_slot_was_over_sends_nothing_and_waits_for_another(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url, max_per_minute=30)
    ada.completes_goal()
    told(*new_events(backbone))
    held_up = iter([6.0])
    stalling = hooks.registered("after-call.dynamodb.TransactWriteItems", lambda **_: noon.shift(next(held_up, 0)))
    with stalling, troubles.counting() as made:
        backbone.runs()
    (delivery,) = ada.deliveries(endpoint)

    # Reserved and claimed, let go; reserved and claimed again, and what came of the one attempt.
    assert [made.count(f"dynamodb:{name}") for name in ("UpdateItem", "TransactWriteItems")] == [2, 4]
    assert (len(receiver.messages), delivery["attempts"]) == (1, 1)


def new_events(backbone: Backbone) -> list[Event]:
    """Return the events that the backbone has not brought to the consumers yet, and never will."""
    found = [event for event in stored_events() if event.event_id not in backbone.seen]
    backbone.seen |= {event.event_id for event in found}
    return found


def test_a_retry_takes_a_slot_as_well(
    ada: Person, backbone: Backbone, receiver: Receiver, arrivals: list[Instant], noon: time_machine.Traveller
):
    ada.listens(receiver.url, max_per_minute=4)
    receiver.answers_next(500)
    receiver.answers_next(500)
    for _ in range(6):
        ada.completes_goal()
    backbone.runs()
    passes(noon, backbone, seconds=420, step=4)

    assert len(arrivals) == 8
    assert most_in_a_minute(arrivals) == 4


def test_a_test_message_waits_for_its_turn_too(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url, max_per_minute=30)
    ada.completes_goal()
    backbone.runs()
    ada.post(f"/{endpoint['endpoint_id']}/test")
    backbone.runs()

    assert len(receiver.messages) == 1
    passes(noon, backbone, seconds=4)
    assert len(receiver.messages) == 2


def test_slots_are_given_so_far_ahead_and_who_finds_none_arrives_all_the_same(
    ada: Person,
    backbone: Backbone,
    receiver: Receiver,
    arrivals: list[Instant],
    noon: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(pacing, "REACH", 150 * SECOND)
    endpoint = ada.listens(receiver.url, max_per_minute=1)
    for _ in range(6):
        ada.completes_goal()
    backbone.runs()

    assert turns(ada, endpoint) == [65_100, 130_200, 195_300, 195_300, 195_300]
    passes(noon, backbone, seconds=500, step=4)
    assert len(arrivals) == 6
    assert most_in_a_minute(arrivals) == 1


def test_a_lower_limit_holds_for_those_that_wait_already(
    ada: Person, backbone: Backbone, receiver: Receiver, arrivals: list[Instant], noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url, max_per_minute=30)
    for _ in range(8):
        ada.completes_goal()
    backbone.runs()
    ada.patch(f"/{endpoint['endpoint_id']}", {"max_per_minute": 2})
    before = len(arrivals)
    passes(noon, backbone, seconds=400, step=4)

    assert len(arrivals) == 8
    assert most_in_a_minute(arrivals[before:]) <= 2


def test_a_higher_limit_holds_for_those_that_wait_already(
    ada: Person, backbone: Backbone, receiver: Receiver, arrivals: list[Instant], noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url, max_per_minute=1)
    for _ in range(6):
        ada.completes_goal()
    backbone.runs()
    ada.patch(f"/{endpoint['endpoint_id']}", {"max_per_minute": 60})
    ada.completes_goal()
    backbone.runs()
    at_once = len(arrivals)
    passes(noon, backbone, seconds=340, step=4)
    assert (at_once, len(arrivals)) == (2, 7)


def test_without_its_limit_an_endpoint_gets_what_waits_when_it_would_have_anyway(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url, max_per_minute=30)
    for _ in range(4):
        ada.completes_goal()
    backbone.runs()
    ada.patch(f"/{endpoint['endpoint_id']}", {"max_per_minute": None})
    ada.completes_goal()
    backbone.runs()

    assert len(receiver.messages) == 2
    passes(noon, backbone, seconds=8)
    assert len(receiver.messages) == 5


def test_the_first_message_does_not_wait_for_the_milliseconds_that_a_reservation_takes(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    ada.listens(receiver.url, max_per_minute=30)
    ada.completes_goal()
    told(*new_events(backbone))
    with hooks.registered("before-call.dynamodb", lambda **_: noon.shift(0.007)):
        backbone.runs()

    assert len(receiver.messages) == 1


def test_limits_of_two_endpoints_have_nothing_to_do_with_each_other(
    ada: Person, backbone: Backbone, receiver: Receiver
):
    for limit in (1, 1, None):
        ada.listens(receiver.url, max_per_minute=limit)
    for _ in range(3):
        ada.completes_goal()
    backbone.runs()

    assert len(receiver.messages) == 1 + 1 + 3


def test_an_endpoint_without_a_limit_costs_no_write_more(ada: Person, backbone: Backbone, receiver: Receiver):
    ada.listens(receiver.url)
    ada.completes_goal()
    with troubles.counting() as made:
        backbone.runs()

    assert len(receiver.messages) == 1
    assert "dynamodb:UpdateItem" not in made


def test_waiting_for_a_turn_is_one_reservation_and_one_transaction(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    ada.listens(receiver.url, max_per_minute=30)
    ada.completes_goal()
    backbone.runs()
    ada.completes_goal()
    told(*new_events(backbone))
    with troubles.counting() as made:
        backbone.runs()

    assert made.count("dynamodb:UpdateItem") == 1
    assert made.count("dynamodb:TransactWriteItems") == 1
    with troubles.counting() as later:
        passes(noon, backbone, seconds=4)
    assert len(receiver.messages) == 2
    assert "dynamodb:UpdateItem" not in later


def test_a_table_that_gives_no_slot_lets_nothing_be_sent(ada: Person, backbone: Backbone, receiver: Receiver):
    ada.listens(receiver.url, max_per_minute=30)
    ada.completes_goal()
    with troubles.losing_answers("UpdateItem", takes_effect=False):
        backbone.runs()

    assert receiver.messages == []
    assert len(backbone.failed) == 1


def test_an_endpoint_that_was_made_before_there_were_limits_has_none(
    ada: Person, backbone: Backbone, receiver: Receiver
):
    endpoint = ada.listens(receiver.url)
    (item,) = table.query_all(f"TENANT#{ada.tenant_id}", f"WEBHOOK#{endpoint['endpoint_id']}")
    ada.completes_goal()
    backbone.runs()

    assert "max_per_minute" not in item
    assert len(receiver.messages) == 1
