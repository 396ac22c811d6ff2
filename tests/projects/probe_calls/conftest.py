from collections.abc import Iterator

import boto3
import pytest

from functions.projects.probes import calls
from tests.aws import scheduler
from tests.projects.probe_calls.addresses import Address, listening
from tests.projects.team import Person


@pytest.fixture(autouse=True)
def _stage(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage what calls need: a secret that seals theirs, a queue, and leave to call this machine."""
    scheduler.make_surroundings(monkeypatch)
    made = boto3.client("secretsmanager").create_secret(Name="probes", SecretString="a secret for tests, 40 characters")
    monkeypatch.setenv("PROBE_SECRET_ID", made["ARN"])
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    url = boto3.client("sqs").create_queue(QueueName="milepost-local-ProbeCalls-Queue")["QueueUrl"]
    monkeypatch.setenv("PROBE_CALLS_QUEUE_URL", url)
    yield
    calls.secret.forget()


@pytest.fixture
def address() -> Iterator[Address]:
    """An address that answers what it is told."""
    with listening() as made:
        yield made


@pytest.fixture
def milestone(ada: Person, ben: Person, project: str) -> str:
    """A milestone in progress of Ada's project, which belongs to Ben."""
    ada.brings(project, ben, "creator")
    return ada.begins(project, ben)
