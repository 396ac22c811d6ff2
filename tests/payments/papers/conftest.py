import boto3
import pytest

from tests.aws.buckets import make_files_bucket
from tests.payments.leading import ada, eve
from tests.projects.team import Person

__all__ = ["ada", "eve"]


@pytest.fixture
def filed(ada: Person, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the stage a bucket of files and a queue of documents, and return the address of that."""
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    url: str = boto3.client("sqs").create_queue(QueueName="papers")["QueueUrl"]
    monkeypatch.setenv("PAPERS_QUEUE_URL", url)
    return url
