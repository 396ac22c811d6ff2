import pytest

from tests.projects.team import Person
from tests.projects.verification.review import Review


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    """Ada leads a project; Ben owns its milestone and submits it; Cleo, Dana and Emil verify."""
    return Review.of(ada, ben, project)
