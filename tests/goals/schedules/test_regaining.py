"""What time alone brings to a goal is announced by the system, also when it is a milestone that was lost."""

from typing import Any

import pytest

from tests.aws.scheduler import scheduled
from tests.goals.conftest import Happened, Travel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.consuming import fire, tell
from tests.goals.schedules.timeline import QUARTER, _surroundings, announced

__all__ = ["_surroundings", "announced"]


@pytest.fixture
def marathon(travel: Travel, ada: Person) -> str:
    """A goal of Ada's without tasks, at noon of its tenth day; its schedule is set."""
    travel("2026-01-10T12:00:00Z")
    goal_id: str = ada.sets_goal(**MARATHON)["goal_id"]
    tell(ada.user_id, goal_id)
    return goal_id


def test_what_time_has_reached_the_system_announces(ada: Person, marathon: str, travel: Travel, happened: Happened):
    travel("2026-01-26T00:00:40Z")
    fire(marathon)
    created, achieved = happened(ada, marathon)

    assert created["actor"] == {"kind": "user", "id": ada.user_id}
    assert achieved["actor"] == {"kind": "system", "id": "milepost"}


def test_a_milestone_that_time_alone_regains_is_announced_with_its_own_instant(
    ada: Person, marathon: str, travel: Travel, announced: Any
):
    travel("2026-01-27T00:00:00Z")
    fire(marathon)
    ada.patch(f"/goals/{marathon}", {"deadline": "2026-02-28"})
    tell(ada.user_id, marathon)
    due_at = scheduled(marathon)
    travel(str(due_at))
    fire(marathon)
    travel("2026-02-26T00:00:00Z")
    fire(marathon)

    assert QUARTER < str(due_at) < "2026-02-26"
    assert announced(marathon) == [("achieved", QUARTER), ("regained", due_at)]
    assert scheduled(marathon) == "2026-03-01T00:00:00Z"
