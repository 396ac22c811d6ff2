from collections.abc import Iterator

import boto3
import pytest

from functions.audience.leads import leads
from functions.audience.recipients import recipients
from shared import ids
from shared.storage import files
from tests.audience.people import Person
from tests.aws.buckets import make_files_bucket
from tests.identity.access_tokens.issuer import Issuer


@pytest.fixture(autouse=True)
def _few_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spread a few leads over a few partitions, so that a rebuild is a few calls."""
    monkeypatch.setattr(leads, "SHARDS", 2)
    monkeypatch.setattr(recipients, "SHARDS", 2)


@pytest.fixture
def files_stage(pepper: str, kept: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage what files need: their bucket, that of discarded records, and the queue of the compactor."""
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    made = boto3.client("sqs").create_queue(QueueName="milepost-local-AudienceFiles-Queue")
    monkeypatch.setenv("AUDIENCE_FILES_QUEUE_URL", made["QueueUrl"])
    files.client.cache_clear()
    yield
    files.client.cache_clear()


@pytest.fixture
def ada(files_stage: None) -> Person:
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
