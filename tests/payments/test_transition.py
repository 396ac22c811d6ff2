"""The table of what becomes of a payment: every pair of a status and an event."""

import pytest

from functions.payments import transition
from functions.payments.transition import BEFORE_PROCESSING, EVENTS, STATUSES, Event, Held, Status

MOVES: dict[Status, dict[Event, Status]] = {
    "pending": {"invoice": "invoiced", "hold": "on_hold", "cancel": "cancelled"},
    "invoiced": {"release": "release_requested", "hold": "on_hold", "cancel": "cancelled"},
    "release_requested": {"claim": "processing", "hold": "on_hold", "cancel": "cancelled"},
    "processing": {"settle": "completed", "fail": "failed", "doubt": "on_hold"},
    "completed": {"refund": "partially_refunded", "refund_rest": "refunded"},
    "failed": {"retry": "release_requested", "hold": "on_hold"},
    "on_hold": {"resume": "invoiced", "cancel": "cancelled"},
    "cancelled": {},
    "partially_refunded": {"refund": "partially_refunded", "refund_rest": "refunded"},
    "refunded": {},
}
"""What the rules say; the one on hold was stopped when it was invoiced."""


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("event", EVENTS)
def test_a_payment_takes_the_events_of_its_status_and_no_other(event: Event, status: Status):
    at = Held(status, "invoiced" if status == "on_hold" else None)

    assert transition.is_allowed(at, event) is (event in MOVES[status])
    if event in MOVES[status]:
        assert transition.after(at, event).status == MOVES[status][event]


@pytest.mark.parametrize("stopped", [*sorted(BEFORE_PROCESSING), "failed", "processing"])
def test_what_a_hold_has_stopped_goes_on_from_there(stopped: Status):
    held = transition.after(Held(stopped), "doubt" if stopped == "processing" else "hold")

    assert held == Held("on_hold", stopped)
    assert transition.after(held, "resume") == Held(stopped)


@pytest.mark.parametrize("stopped", ["processing", "failed"])
def test_what_was_stopped_after_a_gateway_was_asked_is_not_cancelled(stopped: Status):
    assert not transition.is_allowed(Held("on_hold", stopped), "cancel")


def test_people_are_offered_what_they_may_do():
    assert transition.allowed(Held("invoiced")) == ["release", "hold"]
    assert transition.allowed(Held("processing")) == []
    assert transition.allowed(Held("on_hold", "failed")) == ["resume"]


def test_every_status_but_the_first_is_reached_by_an_event():
    assert {to for moves in MOVES.values() for to in moves.values()} == {*STATUSES} - {"pending"}
