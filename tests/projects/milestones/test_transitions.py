"""The table of transitions: every pair of a status and an event, asked for over REST."""

import pytest

from functions.projects.milestones import guards, milestones, transition, writing
from functions.projects.milestones.transition import EVENTS, STATUSES, TRANSITIONS, Event, Status
from shared.storage import table
from tests.aws.entries import Answer
from tests.projects.team import Person

ASKED = [event for event in EVENTS if TRANSITIONS[event].by == "people"]
REASON = {"reason": "The mill jams."}


def brought(ada: Person, milestone: str, status: Status) -> None:
    """Store a milestone as one in this status, whichever way it came there."""
    item = table.get(milestones.key(ada.tenant_id, milestone.rpartition("/")[2]), consistent=True)
    assert item is not None
    before = milestones.from_item(item)
    table.transact(writing.changed(before, before._replace(status=status, version=before.version + 1)))


def asks(somebody: Person, milestone: str, event: Event) -> Answer:
    if event == "progress":
        return somebody.put(f"{milestone}/progress", {"progress": 50})
    path = f"{milestone}/{'refuse' if event == 'reject' else event}"
    return somebody.post(path, REASON if event in ("reject", "cancel") else None)


def test_each_event_of_people_is_asked_for_below():
    assert {*ASKED} == {*guards.GUARDS, "progress"}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("event", ASKED)
def test_a_milestone_takes_the_events_of_its_status_and_no_other(
    event: Event, status: Status, ada: Person, ben: Person, project: str
):
    ada.brings(project, ben, "creator")
    milestone = ada.plans(project, acceptance="manager")
    ada.assigns(milestone, ben)
    brought(ada, milestone, status)

    reply = asks(ada, milestone, event)

    if status in TRANSITIONS[event].before:
        expected = "verified" if event == "complete" else TRANSITIONS[event].after[0]
        assert (reply.status, reply.body["status"]) == (200, expected)
    else:
        assert (reply.status, reply.code) == (409, "TransitionNotAllowed")
        told = {"from": status, "event": event, "allowed": transition.allowed(status)}
        assert {name: reply.body[name] for name in told} == told
        assert ada.status(milestone) == status


def test_nothing_follows_a_final_status():
    assert [status for status in STATUSES if not transition.allowed(status) and status != "completed"] == sorted(
        transition.FINAL
    )


def test_every_status_but_the_first_is_reached_by_an_event():
    reached = {status for each in TRANSITIONS.values() for status in each.after}

    assert reached == {*STATUSES} - {"draft"}
