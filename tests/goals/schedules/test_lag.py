"""How late the messages of schedules come is measured."""

from typing import Any

import pytest

from functions.goals.schedules import consumers
from tests.aws.emf import Measured, counted
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.aws.scheduler import message_of
from tests.goals.conftest import Travel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.consuming import consume, tell
from tests.goals.schedules.timeline import _surroundings

__all__ = ["_surroundings"]


@pytest.fixture
def marathon(travel: Travel, ada: Person) -> str:
    """A goal of Ada's whose first milestone comes by time; its schedule is set."""
    travel("2026-01-10T12:00:00Z")
    goal_id: str = ada.sets_goal(**MARATHON)["goal_id"]
    tell(ada.user_id, goal_id)
    return goal_id


def test_it_is_counted_from_the_instant_that_was_due(marathon: str, travel: Travel, capsys: Any):
    message = message_of(marathon)
    travel("2026-01-26T00:00:40Z")
    consume(message)

    assert counted(capsys, "ScheduleLag") == [Measured("schedules", "ScheduleLag", None, [40_000.0])]


def test_one_that_is_handed_out_again_is_measured_once(marathon: str, travel: Travel, capsys: Any):
    message = message_of(marathon)
    travel("2026-01-26T00:10:00Z")
    consumers.handler(batch([message], receives=2), Context())

    assert counted(capsys, "ScheduleLag") == []


def test_an_event_has_no_lag_of_a_schedule(marathon: str, ada: Person, capsys: Any):
    capsys.readouterr()
    tell(ada.user_id, marathon)

    assert counted(capsys, "ScheduleLag") == []
