import pytest

from tests.projects.team import Person
from tests.projects.verification.review import Review


@pytest.fixture
def milestone(bucket: str, ada: Person, ben: Person, project: str) -> str:
    """A milestone in progress that belongs to Ben, a member of Ada's project; it wants drawings that are verified."""
    ada.brings(project, ben, "viewer")
    wanted = [{"key": "drawings", "title": "Signed drawings", "wanted": "verified"}]
    return ada.begins(project, ben, evidence_requirements=wanted, acceptance="manager")


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    """Ada leads a project; Ben owns its milestone; Cleo, Dana and Emil verify."""
    return Review.of(ada, ben, project)
