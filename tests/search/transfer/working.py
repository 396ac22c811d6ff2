"""The background of imports and exports, in process: their queue, what does their parts, and the files they make."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Protocol

import boto3

from functions.search.transfer import consumers
from functions.search.transfer.lines import MOST_BYTES
from shared import config
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.storage import events, files, table
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.search.people import Person


class Asking(Protocol):
    """Whoever has asked for a job: a person, or the holder of a key."""

    @property
    def user_id(self) -> str:
        """Return as whom they call."""


def job_of(person: Asking, job_id: str) -> Job:
    found = jobs.find(person.user_id, job_id)
    assert found is not None
    return found


def requested(person: Asking, job_id: str) -> dict[str, Any]:
    """Return the batch with the event that asks for a job."""
    found = [events.stored(each) for each in table.query_all(jobs.partition(person.user_id), events.prefix(job_id))]
    return delivered([each for each in found if each.event_type == "jobs.job.requested"])


def waiting() -> list[str]:
    """Return the messages on the queue of parts, and leave it empty."""
    queues, url = boto3.client("sqs"), config.search_jobs_queue_url()
    found = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for each in found:
        queues.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return [each["Body"] for each in found]


def does(event: dict[str, Any]) -> dict[str, Any]:
    """Have the consumer handle a batch."""
    return consumers.handler(event, Context())


def message(person: Asking, job_id: str, kind: str) -> str:
    """Return the message of a part."""
    return json.dumps({"user_id": person.user_id, "job_id": job_id, "kind": kind})


def parts_of(person: Asking, job_id: str) -> Iterator[dict[str, Any]]:
    """Yield the batches of a job, each to be done before the next."""
    event = requested(person, job_id)
    while event["Records"]:
        yield event
        event = batch(waiting())


def works(person: Asking, job_id: str) -> int:
    """Do a job to its end, and return in how many parts."""
    parts = 0
    for event in parts_of(person, job_id):
        assert does(event) == {"batchItemFailures": []}
        parts += 1
    return parts


def announced(person: Person, body: bytes, operation: str = "upsert", name: str = "books") -> str:
    """Announce a file that is to be imported, and return the job that waits for it."""
    sent = {"operation": operation, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    answer = person.rest("POST", f"/collections/{name}/import-jobs", sent)
    assert answer.status == 201, answer.body
    return str(answer.body["job"]["job_id"])


def begun(person: Person, body: bytes, operation: str = "upsert") -> str:
    """Announce a file, put it where it is to be sent, and start the job."""
    job_id = announced(person, body, operation)
    boto3.client("s3").put_object(Bucket=config.files_bucket(), Key=job_of(person, job_id).position["key"], Body=body)
    answer = person.rest("POST", f"/collections/books/import-jobs/{job_id}/start")
    assert answer.status == 202, answer.body
    return job_id


def written(*documents: Any) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in documents)


def file_of(person: Asking, job_id: str) -> list[dict[str, Any]]:
    """Return the lines of the file that a job has made."""
    made = jobs.file_of(job_of(person, job_id))
    assert made is not None
    return [json.loads(each) for each in files.read(made.key, most_bytes=MOST_BYTES).body.splitlines()]
