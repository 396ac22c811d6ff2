from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
import time_machine

from tests.aws.buckets import make_files_bucket
from tests.identity.access_tokens.issuer import Issuer
from tests.projects.team import Person


@pytest.fixture
def ada(aws: None) -> Person:
    """Somebody who leads projects and invoices them."""
    return Person.new(Issuer().publish())


@pytest.fixture
def eve(ada: Person) -> Person:
    """Somebody who leads another tenant."""
    return Person.new(ada.issuer, role="owner")


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of one day; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def filed(ada: Person, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the stage a bucket of files and a queue of documents, and return the address of that."""
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    url: str = boto3.client("sqs").create_queue(QueueName="papers")["QueueUrl"]
    monkeypatch.setenv("PAPERS_QUEUE_URL", url)
    return url
