"""The instants of a goal with a schedule, and what was announced at them."""

from typing import Any

import pytest

from tests.aws import scheduler
from tests.goals.conftest import Happened
from tests.goals.people import Person

QUARTER = "2026-01-26T00:00:00Z"
"""When time alone carries the marathon over 25 %: 30 % of time, 25 of 30 days."""

END = "2026-01-31T00:00:00Z"


@pytest.fixture(autouse=True)
def _surroundings(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler.make_surroundings(monkeypatch)


@pytest.fixture
def announced(ada: Person, happened: Happened) -> Any:
    """Read which events of milestones and deadlines a goal has, in their order."""

    def read(goal_id: str) -> list[tuple[str, str]]:
        events = happened(ada, goal_id)
        wanted = {
            "goals.milestone.achieved": "achieved_at",
            "goals.milestone.regained": "regained_at",
            "goals.goal.overdue": "ended_at",
        }
        found = [(each["event_type"], each["data"]) for each in events if each["event_type"] in wanted]
        return [(kind.rpartition(".")[2], data[wanted[kind]].replace(".000Z", "Z")) for kind, data in found]

    return read
