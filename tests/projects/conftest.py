from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from shared.storage import files
from tests.aws.buckets import keep_versions, make_files_bucket
from tests.identity.access_tokens.issuer import Issuer
from tests.projects.team import Person


@pytest.fixture
def ada(aws: None) -> Person:
    """Somebody who leads projects."""
    return Person.new(Issuer().publish())


@pytest.fixture
def ben(ada: Person) -> Person:
    """A colleague of Ada's."""
    return ada.colleague()


@pytest.fixture
def eve(ada: Person) -> Person:
    """Somebody who leads another tenant."""
    return Person.new(ada.issuer, role="owner")


@pytest.fixture
def project(ada: Person) -> str:
    """A project of which Ada is the manager."""
    return ada.creates()


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of one day; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def bucket(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the stage a bucket that keeps versions."""
    name = make_files_bucket()
    keep_versions(name)
    monkeypatch.setenv("FILES_BUCKET", name)
    files.client.cache_clear()
    yield name
    files.client.cache_clear()
