from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
import time_machine

from functions.identity.accounts import users
from functions.identity.accounts.users import User
from shared import clock
from shared.sending import mail
from shared.storage import table
from tests.aws import scheduler
from tests.projects.team import Person


@pytest.fixture(autouse=True)
def _surroundings(aws: None, pepper: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage an address to send e-mail from, and schedules."""
    scheduler.make_surroundings(monkeypatch)
    boto3.client("ses").verify_domain_identity(Domain="milepost.example")
    monkeypatch.setenv("MAIL_SENDER", "no-reply@milepost.example")
    mail.client.cache_clear()
    yield
    mail.client.cache_clear()


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of a Friday, UTC; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def milestone(time: time_machine.Traveller, ada: Person, ben: Person, project: str) -> str:
    """A milestone in progress of Ada's project, which belongs to Ben."""
    created_at = clock.to_rfc3339(clock.now())
    table.put_many([users.to_item(User(ben.user_id, ben.tenant_id, "ben@example.com", "Ben", None, created_at, 1))])
    ada.brings(project, ben, "creator")
    return ada.begins(project, ben)
