import pytest

from tests.aws import scheduler
from tests.projects.team import Person
from tests.projects.verification.review import Review


@pytest.fixture(autouse=True)
def _surroundings(aws: None, pepper: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the stage schedules, and a secret for links."""
    scheduler.make_surroundings(monkeypatch)


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    """Ada leads a project; Ben owns its milestone and submits it; Cleo, Dana and Emil verify."""
    return Review.of(ada, ben, project)


@pytest.fixture
def admin(ada: Person) -> Person:
    """Somebody who governs Ada's tenant."""
    return ada.colleague("admin")
