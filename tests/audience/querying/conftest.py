import boto3
import pytest

from functions.audience.querying import choosing


@pytest.fixture
def by_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of few leads answer as well."""
    monkeypatch.setattr(choosing, "LEAST", 0)


@pytest.fixture
def queue_url(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The queue of segments that are looked at."""
    made = boto3.client("sqs").create_queue(QueueName="milepost-local-AudienceQueries-Queue")["QueueUrl"]
    monkeypatch.setenv("AUDIENCE_QUERIES_QUEUE_URL", made)
    return str(made)
