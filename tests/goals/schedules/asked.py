"""A goal whose one instant is its deadline, what is told of it, and which calls the Scheduler gets for that."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.storage import events, table
from tests.aws import troubles
from tests.aws.messages import batch
from tests.goals.conftest import Travel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.consuming import on_the_bus, tell

BY_TASKS = {**MARATHON, "weights": {"task": 100, "time": 0}}


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def by_tasks(travel: Travel, ada: Person) -> str:
    """A goal whose progress comes of its tasks alone: its one instant is its deadline, for which it is scheduled."""
    travel("2026-01-10T12:00:00Z")
    goal_id: str = ada.sets_goal(**BY_TASKS)["goal_id"]
    tell(ada.user_id, goal_id)
    return goal_id


def calls_of(do: Callable[[], Any]) -> list[str]:
    with troubles.counting() as calls:
        do()
    return [call.removeprefix("scheduler:") for call in calls if call.startswith("scheduler:")]


def news_of(ada: Person, goal_id: str, *, receives: int = 1) -> dict[str, Any]:
    """Return a batch with the last event of a goal."""
    *_, last = table.query_all(f"USER#{ada.user_id}", events.prefix(goal_id))
    return batch([on_the_bus(events.stored(last))], receives=receives)
