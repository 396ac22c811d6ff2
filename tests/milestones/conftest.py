import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from examples.evaluator.contract import Evaluator
from examples.evaluator.store import Store
from functions.milestones.evaluation import client as evaluator
from functions.milestones.evaluation import health
from functions.milestones.evaluation import settings as stage
from functions.milestones.evaluation.breaker import Breaker
from shared import ids
from tests.goals.conftest import Stored, Travel, _dynamodb, aws, calls, issuer, stored, travel  # noqa: F401 - fixtures
from tests.goals.conftest import person as member
from tests.identity.access_tokens.issuer import Issuer
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import PLAIN_KEY, SECRET, SECRET_BEFORE, Person

NOON = "2026-11-20T12:00:00Z"
API_KEY = "our key for the evaluator"


@pytest.fixture
def secret(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:  # noqa: F811
    """Give the stage an evaluator, and the test what the secret says of it."""
    said = {
        "url": "http://evaluator.example/api",
        "api_key": API_KEY,
        "webhook_secret": SECRET,
        "webhook_secret_before": SECRET_BEFORE,
        "webhook_api_key": PLAIN_KEY,
    }
    client = boto3.client("secretsmanager")
    name = ids.new("secret")
    monkeypatch.setenv("EVALUATOR_SECRET_ID", client.create_secret(Name=name, SecretString=json.dumps(said))["ARN"])
    monkeypatch.setenv("ALLOW_UNSIGNED_WEBHOOKS", "false")
    monkeypatch.setattr(evaluator, "breaker", Breaker())
    stage.forget()
    health.forget()
    yield said
    stage.forget()


@pytest.fixture
def wire(secret: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """Put the reference evaluator at the other end of `http.client`."""
    store = Store(":memory:")
    way = Wire(Evaluator(store, API_KEY, now=time.time))
    monkeypatch.setattr("http.client.HTTPConnection", way.connection)
    yield way
    store.close()


@pytest.fixture
def ada(wire: Wire, issuer: Issuer, travel: Travel) -> Person:  # noqa: F811
    """Somebody of a tenant, at noon of 2026-11-20, with the evaluator at the other end, and the queue to tell it."""
    travel(NOON)
    boto3.client("sqs").create_queue(QueueName="milestone-sync")
    return person(issuer, ids.new("tenant"))


@pytest.fixture
def eve(ada: Person) -> Person:
    """A stranger: of another tenant."""
    return person(ada.issuer, ids.new("tenant"))


def person(issuer: Issuer, tenant_id: str) -> Person:  # noqa: F811
    made: Any = member(issuer, tenant_id)
    return Person(made.user_id, tenant_id, issuer)
