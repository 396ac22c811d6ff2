from collections.abc import Iterator

import boto3
import pytest

from functions.search.indexing import indexer, readers
from shared import ids
from shared.storage import files
from tests.aws.buckets import make_files_bucket
from tests.identity.access_tokens.issuer import Issuer
from tests.search.people import Backbone, Person


@pytest.fixture
def search_stage(search_feed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage what search needs: a bucket for its indexes, the queue of its indexer, and that of its feeds."""
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    made = boto3.client("sqs").create_queue(
        QueueName="milepost-local-SearchIndexing-Queue.fifo",
        Attributes={
            "FifoQueue": "true",
            "DeduplicationScope": "messageGroup",
            "FifoThroughputLimit": "perMessageGroupId",
        },
    )
    monkeypatch.setenv("INDEXING_QUEUE_URL", made["QueueUrl"])
    queue_url = boto3.client("sqs").create_queue(QueueName="milepost-local-SearchJobs-Queue")["QueueUrl"]
    monkeypatch.setenv("SEARCH_JOBS_QUEUE_URL", queue_url)
    files.client.cache_clear()
    readers.forget()
    indexer.forget()
    yield
    readers.forget()
    indexer.forget()
    files.client.cache_clear()


@pytest.fixture
def ada(search_stage: None) -> Person:
    """Somebody who may do everything with the collections of a tenant."""
    return Person(ids.new("user"), ids.new("tenant"), Issuer().publish())


@pytest.fixture
def eve(ada: Person) -> Person:
    """Somebody of another tenant."""
    return Person(ids.new("user"), ids.new("tenant"), ada.issuer)


@pytest.fixture
def backbone() -> Backbone:
    return Backbone()
