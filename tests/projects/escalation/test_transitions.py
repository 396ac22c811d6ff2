"""The table of what becomes of an escalation: every pair of a status and an event, asked for over REST."""

import pytest

from functions.projects import escalations
from functions.projects.escalation import transition
from functions.projects.escalation.commands import TOLD
from functions.projects.escalation.transition import EVENTS, STATUSES, TRANSITIONS, Event
from functions.projects.escalations import Status
from functions.projects.milestones import milestones
from shared.storage import table
from tests.projects.escalation.asking import asks, raises
from tests.projects.team import Person

ASKED = [event for event in EVENTS if TRANSITIONS[event].by == "people"]


def brought(ada: Person, milestone: str, escalation: str, status: Status) -> None:
    """Store an escalation as one in this status, whichever way it came there."""
    place = milestones.partition(ada.tenant_id, milestone.rpartition("/")[2])
    [before] = escalations.find(place, [escalation.rpartition("/")[2]])
    table.transact([escalations.changed(place, before, before._replace(status=status, version=before.version + 1))])


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("event", ASKED)
def test_an_escalation_takes_the_events_of_its_status_and_no_other(
    event: Event, status: Status, ada: Person, milestone: str
):
    escalation = raises(ada, milestone)
    brought(ada, milestone, escalation, status)

    reply = asks(ada, escalation, event)

    if status in TRANSITIONS[event].before:
        assert (reply.status, reply.body["status"]) == (200, TRANSITIONS[event].after or status)
    else:
        assert (reply.status, reply.code) == (409, "EscalationTransitionNotAllowed")
        told = {"from": status, "event": event, "allowed": transition.allowed(status)}
        assert {name: reply.body[name] for name in told} == told
        assert ada.get(escalation).body["status"] == status


def test_each_event_of_people_has_an_event_that_tells_of_it():
    assert {*ASKED} == {*TOLD}


def test_every_status_but_the_first_is_reached_by_an_event():
    assert {each.after for each in TRANSITIONS.values()} - {None} == {*STATUSES} - {"pending"}
