from collections.abc import Iterator

import pytest

from shared.storage import files
from tests.aws.buckets import keep_versions, make_files_bucket
from tests.projects.team import Person


@pytest.fixture
def bucket(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the stage a bucket that keeps versions."""
    name = make_files_bucket()
    keep_versions(name)
    monkeypatch.setenv("FILES_BUCKET", name)
    files.client.cache_clear()
    yield name
    files.client.cache_clear()


@pytest.fixture
def milestone(bucket: str, ada: Person, ben: Person, project: str) -> str:
    """A milestone in progress that belongs to Ben, a member of Ada's project; it wants drawings that are verified."""
    ada.brings(project, ben, "viewer")
    wanted = [{"key": "drawings", "title": "Signed drawings", "wanted": "verified"}]
    return ada.begins(project, ben, evidence_requirements=wanted, acceptance="manager")
