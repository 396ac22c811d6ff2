from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
import time_machine

from functions.webhooks import endpoints
from shared import ids
from tests.identity.access_tokens.issuer import Issuer
from tests.webhooks.people import Backbone, Person
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def _stage(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage what webhooks need: a secret that seals theirs, and two queues."""
    made = boto3.client("secretsmanager").create_secret(
        Name="webhooks", SecretString="a secret for tests, 40 characters"
    )
    monkeypatch.setenv("WEBHOOK_SECRET_ID", made["ARN"])
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    for name in ("Deliveries", "Retries"):
        url = boto3.client("sqs").create_queue(QueueName=f"milepost-local-{name}-Queue")["QueueUrl"]
        monkeypatch.setenv(f"{name.upper()}_QUEUE_URL", url)
    yield
    endpoints.secret.forget()


@pytest.fixture
def ada(_stage: None) -> Person:
    """Somebody who owns a tenant."""
    return Person(ids.new("user"), ids.new("tenant"), Issuer().publish())


@pytest.fixture
def eve(ada: Person) -> Person:
    """Somebody who owns another tenant."""
    return Person(ids.new("user"), ids.new("tenant"), ada.issuer)


@pytest.fixture
def backbone() -> Backbone:
    return Backbone()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of one day; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:
        yield time
