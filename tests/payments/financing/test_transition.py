"""The table of what becomes of a financing request: every pair of a status and an event."""

import pytest

from functions.payments.financing import transition
from functions.payments.financing.transition import EVENTS, STATUSES, Event, Status

MOVES: dict[Status, dict[Event, Status]] = {
    "pending": {"vote": "pending", "approve": "approved", "reject": "rejected"},
    "approved": {"reject": "rejected", "disburse": "active"},
    "rejected": {},
    "active": {"repay": "active", "settle": "completed", "default": "defaulted"},
    "completed": {},
    "defaulted": {"repay": "defaulted", "settle": "defaulted"},
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("event", EVENTS)
def test_a_request_takes_the_events_of_its_status_and_no_other(event: Event, status: Status):
    assert transition.is_allowed(status, event) is (event in MOVES[status])
    if event in MOVES[status]:
        assert transition.after(status, event) == MOVES[status][event]


def test_every_status_but_the_first_is_reached():
    assert {to for moves in MOVES.values() for to in moves.values()} == {*STATUSES}


def test_people_are_offered_what_they_may_do():
    assert transition.commands("pending") == ["approve", "reject"]
    assert transition.commands("rejected") == []
