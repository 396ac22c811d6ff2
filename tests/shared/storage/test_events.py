"""What an event item holds, and how those of earlier and later versions are read."""

from typing import Any

import pytest

from shared import actors, clock
from shared.actors import SYSTEM, Actor
from shared.storage import events
from shared.storage.attributes import Item
from shared.storage.events import Concern, Event

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")
ADA = Actor("user", "user_1")


def written(**more: Any) -> Item:
    """Return the item of an event that Ada has brought about."""
    with actors.acting(ADA):
        return occurred(**more)


def occurred(**more: Any) -> Item:
    return events.occurred(
        "goals.goal.paused",
        partition="USER#user_1",
        subject_id="goal_1",
        tenant_id="tenant_1",
        at=NOON,
        data={"goal_id": "goal_1"},
        **more,
    ).item


def test_an_event_says_its_version_who_did_it_whom_it_concerns_and_the_state() -> None:
    state = {"version": 7, "created_at": "2026-11-20T09:00:00.000Z", "status": "paused"}
    item = written(state=state, concerns=[Concern("user_2", "watching")])

    assert item["version"] == 2
    assert item["actor"] == {"kind": "user", "id": "user_1"}
    assert item["concerns"] == [{"user_id": "user_2", "reason": "watching"}]
    assert item["state"] == state
    assert events.stored(item).done_by == ADA


def test_what_an_event_does_not_have_is_left_out() -> None:
    assert written().keys() & {"concerns", "state", "correlation"} == set()
    assert events.told(events.stored(written())).keys() & {"concerns", "state", "correlation"} == set()


def test_an_event_that_follows_another_has_its_actor_and_its_own_id() -> None:
    earlier = events.stored(written())
    later = events.stored(occurred(follows=earlier))
    again = events.stored(occurred(follows=earlier))

    assert later.done_by == ADA
    assert later.event_id == again.event_id != earlier.event_id


def test_an_event_that_follows_one_without_an_actor_is_of_the_system() -> None:
    earlier = events.stored(written())._replace(actor=None)

    assert events.stored(occurred(follows=earlier)).done_by == SYSTEM


def test_an_event_of_before_there_were_versions_is_of_the_first() -> None:
    item = {name: value for name, value in written().items() if name not in {"version", "actor"}}
    event = events.stored(item)

    assert (event.version, event.done_by, event.concerns, event.state) == (1, None, (), None)
    assert events.is_whole(event)
    assert events.told(event).keys() == set(Event._fields) - {"correlation", "actor", "concerns", "state"}


def test_an_event_of_a_later_version_is_read_without_what_is_new() -> None:
    event = events.stored(written() | {"version": 7, "region": "eu-central-1"})

    assert event.version == 7
    assert events.is_whole(event)


@pytest.mark.parametrize("version", [0, -1, "2", None, True])
def test_what_no_version_is_makes_no_whole_event(version: Any) -> None:
    assert not events.is_whole(events.stored(written() | {"version": version}))
