from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.aws import scheduler
from tests.projects.team import Person
from tests.projects.verification.review import Review


@pytest.fixture(autouse=True)
def _surroundings(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler.make_surroundings(monkeypatch)


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at half past four in Berlin, on a Friday; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 15, 30, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin(ada: Person) -> Person:
    """An admin of Ada's tenant."""
    return ada.colleague("admin")


@pytest.fixture
def review(time: time_machine.Traveller, ada: Person, ben: Person) -> Review:
    """Ada leads a project of Berlin; Ben owns its milestones; three colleagues verify."""
    return Review.of(ada, ben, ada.creates(time_zone="Europe/Berlin", holidays=["2026-11-24"]))


@pytest.fixture
def milestone(review: Review) -> str:
    return review.ada.begins(review.project, review.ben)
