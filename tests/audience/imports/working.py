"""The background of imports and exports of leads, in process: their queue, what does their parts, what they make."""

import hashlib
import json
import random
from collections.abc import Iterator
from typing import Any

import boto3

from functions.audience.imports import consumers
from shared import config
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.storage import files
from tests.audience.people import Person
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.webhooks.people import stored_events

QUEUE = "milepost-local-LeadImports-Queue"


def job_of(person: Person, job_id: str) -> Job:
    found = jobs.find(person.user_id, job_id)
    assert found is not None
    return found


def requested(person: Person, job_id: str) -> dict[str, Any]:
    """Return the batch with the event that asks for a job."""
    asked = [each for each in stored_events() if each.event_type == "jobs.job.requested"]
    return delivered([each for each in asked if each.data["job_id"] == job_id])


def waiting() -> list[str]:
    """Return the messages on the queue, and leave it empty."""
    queues, url = boto3.client("sqs"), config.lead_imports_queue_url()
    bodies: list[str] = []
    while found := queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for each in found:
            queues.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        bodies += [each["Body"] for each in found]
    return bodies


def does(event: dict[str, Any]) -> dict[str, Any]:
    """Have the consumer handle a batch."""
    return consumers.handler(event, Context())


def rounds(person: Person, job_id: str, *, seed: int | None = None) -> Iterator[list[dict[str, Any]]]:
    """Yield the batches that wait, round by round, each to be done before the next; in any order with a seed."""
    event = requested(person, job_id)
    bodies = [each["body"] for each in event["Records"]]
    while bodies:
        if seed is not None:
            random.Random(seed).shuffle(bodies)  # noqa: S311 - an order, no secret
        yield [batch([each]) for each in bodies]
        bodies = waiting()


def works(person: Person, job_id: str, *, seed: int | None = None) -> None:
    """Do a job to its end."""
    for batches in rounds(person, job_id, seed=seed):
        for each in batches:
            assert does(each) == {"batchItemFailures": []}


def announced(person: Person, body: bytes, **asked: Any) -> dict[str, Any]:
    """Announce a file, and return the import that waits for it."""
    sent = {"file_name": "people.csv", "size": len(body), "sha256": hashlib.sha256(body).hexdigest(), **asked}
    answer = person.post("/lead-imports", sent)
    assert answer.status == 201, answer.body
    return dict(answer.body["import"])


def sent(person: Person, import_id: str, body: bytes) -> None:
    """Put a file where it is to be sent."""
    key = job_of(person, import_id).position["key"]
    boto3.client("s3").put_object(Bucket=config.files_bucket(), Key=key, Body=body)


def begun(person: Person, text: str | bytes, **asked: Any) -> str:
    """Announce a file, send it, and start the import."""
    body = text.encode() if isinstance(text, str) else text
    import_id = str(announced(person, body, **asked)["import_id"])
    sent(person, import_id, body)
    answer = person.post(f"/lead-imports/{import_id}/start")
    assert answer.status == 202, answer.body
    return import_id


def imported(person: Person, text: str | bytes, *, seed: int | None = None, **asked: Any) -> dict[str, Any]:
    """Import a file from its beginning to its end, and return the import."""
    import_id = begun(person, text, **asked)
    works(person, import_id, seed=seed)
    return dict(person.get(f"/lead-imports/{import_id}").body)


def report_of(person: Person, import_id: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return the report of an import, read page by page."""
    found: list[dict[str, Any]] = []
    query = f"limit={limit}"
    while query:
        page = person.get(f"/lead-imports/{import_id}/report", query)
        assert page.status == 200, page.body
        found += page.body["items"]
        query = page.body["next_cursor"] and f"limit={limit}&cursor={page.body['next_cursor']}"
    return found


def file_of(person: Person, job_id: str) -> bytes:
    """Return the file that a job has made."""
    made = jobs.file_of(job_of(person, job_id))
    assert made is not None
    return files.read(made.key, most_bytes=2**30).body


def lines_of(person: Person, job_id: str) -> list[dict[str, Any]]:
    return [json.loads(each) for each in file_of(person, job_id).splitlines()]
