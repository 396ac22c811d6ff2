from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from functions.audience.querying import audiences
from shared import ids
from shared.storage import files
from tests.audience.people import Person
from tests.aws.buckets import make_files_bucket
from tests.identity.access_tokens.issuer import Issuer


@pytest.fixture
def lead_files(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage a bucket for the files of leads."""
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    files.client.cache_clear()
    audiences.forget()
    yield
    audiences.forget()
    files.client.cache_clear()


@pytest.fixture
def ada(pepper: str, lead_files: None) -> Person:
    """Somebody who keeps the audience of a tenant that is paid in euros."""
    person = Person(ids.new("user"), ids.new("tenant"), Issuer().publish())
    person.has(currency="EUR", phone_region="GB")
    return person


@pytest.fixture
def eve(ada: Person) -> Person:
    """Somebody of another tenant."""
    person = Person(ids.new("user"), ids.new("tenant"), ada.issuer)
    person.has(currency="EUR")
    return person


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of one day; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller
