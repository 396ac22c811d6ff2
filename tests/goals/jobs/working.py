"""The background of jobs, in process: their bucket, their queue, and what does their parts."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from functions.goals.jobs import consumers
from functions.jobs import api as jobs_api
from functions.jobs import resolver as jobs_resolver
from shared import config
from shared.jobs import jobs
from shared.storage import events, files, table
from tests.aws.buckets import make_files_bucket
from tests.aws.entries import Answer, Context, call, http_event
from tests.aws.messages import batch, delivered
from tests.goals.people import Person


@pytest.fixture
def stage(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage a bucket of files and the queue of parts."""
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    queue_url = boto3.client("sqs").create_queue(QueueName="milepost-local-GoalJobs-Queue")["QueueUrl"]
    monkeypatch.setenv("GOAL_JOBS_QUEUE_URL", queue_url)
    files.client.cache_clear()
    yield
    files.client.cache_clear()
    boto3.client("sqs").delete_queue(QueueUrl=queue_url)


def asks(person: Person, method: str, path: str, query: str = "", *, scope: str = "jobs:read jobs:write") -> Answer:
    """Send a request to the jobs context, with a scope for goals too."""
    claims = person.issuer.claims(sub=person.user_id, tid=person.tenant_id, scope=f"{scope} goals:read")
    sent = {"authorization": f"Bearer {person.issuer.token(claims=claims)}"}
    event = http_event(method, f"/api/v1/jobs{path}", None, headers=sent, query=query)
    return call(jobs_api.handler, jobs_resolver.api, event)


def shown(person: Person, job_id: str) -> dict[str, Any]:
    answer = asks(person, "GET", f"/{job_id}")
    assert answer.status == 200, answer.body
    return dict(answer.body)


def rows(person: Person, job_id: str) -> list[dict[str, Any]]:
    return list(asks(person, "GET", f"/{job_id}/rows", "limit=100").body["items"])


def told(person: Person, job_id: str) -> list[str]:
    """Return the types of the events of a job, in their order."""
    found = table.query_all(jobs.partition(person.user_id), events.prefix(job_id))
    return [events.stored(item).event_type for item in found]


def requested(person: Person, job_id: str) -> dict[str, Any]:
    """Return the batch with the event that asks for a job."""
    found = [events.stored(each) for each in table.query_all(jobs.partition(person.user_id), events.prefix(job_id))]
    return delivered([each for each in found if each.event_type == "jobs.job.requested"])


def waiting() -> list[str]:
    """Return the messages on the queue of parts, and leave it empty."""
    queues, url = boto3.client("sqs"), config.goal_jobs_queue_url()
    found = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for each in found:
        queues.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return [each["Body"] for each in found]


def does(event: dict[str, Any]) -> dict[str, Any]:
    """Have the consumer handle a batch."""
    return consumers.handler(event, Context())


def message(person: Person, job_id: str, kind: str) -> str:
    """Return the message of a part."""
    return json.dumps({"user_id": person.user_id, "job_id": job_id, "kind": kind})


def works(person: Person, job_id: str) -> int:
    """Do a job to its end, and return in how many parts."""
    parts, event = 0, requested(person, job_id)
    while event["Records"]:
        assert does(event) == {"batchItemFailures": []}
        parts, event = parts + 1, batch(waiting())
    return parts


def announced(person: Person, body: bytes) -> str:
    """Announce a file that is to be restored, and return the job that waits for it."""
    sent = {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    answer = person.post("/goals/restore-jobs", sent)
    assert answer.status == 201, answer.body
    return str(answer.body["job"]["job_id"])


def upload(person: Person, job_id: str, body: bytes) -> None:
    """Put a file where a job expects it."""
    job = jobs.find(person.user_id, job_id)
    assert job is not None
    boto3.client("s3").put_object(Bucket=config.files_bucket(), Key=job.position["key"], Body=body)
