import pytest

from tests.projects.team import Person
from tests.projects.verification.review import Review


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    """Ada leads a project; Ben owns its milestone and submits it; three colleagues verify."""
    return Review.of(ada, ben, project)


@pytest.fixture
def milestone(ada: Person, ben: Person, project: str) -> str:
    """A milestone in progress of Ada's project, which belongs to Ben."""
    ada.brings(project, ben, "creator")
    return ada.begins(project, ben)
