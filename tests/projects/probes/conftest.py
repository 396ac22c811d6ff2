from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.aws import scheduler
from tests.projects.team import Person


@pytest.fixture(autouse=True)
def _surroundings(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler.make_surroundings(monkeypatch)


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of a Friday, UTC; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def milestone(time: time_machine.Traveller, ada: Person, ben: Person, project: str) -> str:
    """A milestone in progress of Ada's project, which belongs to Ben."""
    ada.brings(project, ben, "creator")
    return ada.begins(project, ben)
