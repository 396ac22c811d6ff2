"""What time brings to the goals of somebody who is away, and what is announced when they are back."""

import functools
import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.goals.schedules import consumers as schedule_consumers
from shared import clock
from shared.storage import events
from tests.aws import scheduler
from tests.aws.scheduler import scheduled
from tests.goals.conftest import Travel, enrol, expel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.consuming import consume, fire, on_the_bus, tell
from tests.goals.schedules.timeline import END, QUARTER, _surroundings, announced

__all__ = ["_surroundings", "announced", "marathon"]


@pytest.fixture
def marathon(travel: Travel, ada: Person) -> str:
    """A goal of Ada's without tasks, at noon of its tenth day; its schedule is set."""
    travel("2026-01-10T12:00:00Z")
    goal_id: str = ada.sets_goal(**MARATHON)["goal_id"]
    tell(ada.user_id, goal_id)
    return goal_id


def comes_back(person: Person, event_type: str = "identity.member.enabled") -> dict[str, Any]:
    """Make somebody a member again, and deliver the event of it."""
    enrol(person)
    happened = events.occurred(
        event_type,
        partition=f"TENANT#{person.tenant_id}",
        subject_id=person.user_id,
        tenant_id=person.tenant_id,
        at=clock.now(),
        data={"by": "user_1"},
    )
    return consume(on_the_bus(events.stored(happened.item)))


@pytest.mark.parametrize("leaves", [expel, functools.partial(enrol, disabled=True)], ids=["removed", "disabled"])
@pytest.mark.parametrize("event_type", schedule_consumers.RETURNS)
def test_nothing_is_announced_of_an_orphaned_goal_until_its_owner_is_back(
    leaves: Callable, event_type: str, ada: Person, marathon: str, announced: Any, travel: Travel
):
    leaves(ada)
    travel(END)
    fire(marathon)
    meanwhile = (announced(marathon), scheduled(marathon))
    answer = comes_back(ada, event_type)

    assert meanwhile == ([], None)
    assert answer == {"batchItemFailures": []}
    assert announced(marathon) == [("achieved", QUARTER), ("overdue", END)]


def test_who_is_back_before_anything_was_due_has_their_schedule(ada: Person, marathon: str):
    expel(ada)
    scheduler.remove(marathon)
    comes_back(ada)

    assert scheduled(marathon) == QUARTER


def test_the_goals_of_who_is_back_are_looked_at_page_by_page(ada: Person, marathon: str):
    made = [marathon, *(ada.sets_goal(**MARATHON)["goal_id"] for _ in range(30))]
    comes_back(ada)
    first = [goal_id for goal_id in made if scheduled(goal_id)]
    (message,) = scheduler.waiting()
    consume(json.dumps(message))

    assert 25 <= len(first) <= 26
    assert all(scheduled(goal_id) == QUARTER for goal_id in made)
    assert scheduler.waiting() == []
