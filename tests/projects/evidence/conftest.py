import pytest

from tests.projects.team import Person


@pytest.fixture
def milestone(bucket: str, ada: Person, ben: Person, project: str) -> str:
    """A milestone in progress that belongs to Ben, a member of Ada's project; it wants drawings that are verified."""
    ada.brings(project, ben, "viewer")
    wanted = [{"key": "drawings", "title": "Signed drawings", "wanted": "verified"}]
    return ada.begins(project, ben, evidence_requirements=wanted, acceptance="manager")
