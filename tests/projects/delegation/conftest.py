import pytest

from tests.projects.team import Person
from tests.projects.verification.review import Review


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    """Ada leads a project; Ben owns its milestone and submits it; Cleo, Dana and Emil verify."""
    return Review.of(ada, ben, project)


@pytest.fixture
def fred(review: Review) -> Person:
    """A member of the project whom no layer asks."""
    return review.ada.brings(review.project, review.ada.colleague(), "viewer")
