from collections.abc import Iterator

import boto3
import pytest

from functions.audience.imports import imports
from shared.callers import auth
from shared.storage import files, table
from tests.audience.imports.working import QUEUE
from tests.audience.people import Person
from tests.aws.buckets import make_files_bucket


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, ada: Person) -> Iterator[None]:
    """Give the stage a bucket, and the queue of imports."""
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    monkeypatch.setenv("LEAD_IMPORTS_QUEUE_URL", boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"])
    monkeypatch.setattr(imports, "LONGEST_PAUSE_SECONDS", 0)
    files.client.cache_clear()
    yield
    files.client.cache_clear()


@pytest.fixture
def ada(ada: Person) -> Person:
    """An owner of her tenant."""
    joins(ada, "owner")
    return ada


def joins(person: Person, role: str) -> None:
    place = auth.membership_key(person.tenant_id, person.user_id)
    table.put_many([{"PK": place.pk, "SK": place.sk, "entity": "Membership", "role": role}])
