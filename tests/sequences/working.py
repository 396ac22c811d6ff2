"""The background of sequences, in process: their queue, and what does the parts of jobs."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import boto3
import pytest
import time_machine

from functions.sequences.order import consumers
from shared import config
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.aws.troubles import dying_at
from tests.sequences.people import Person

QUEUE = "milepost-local-SequenceJobs-Queue"


@pytest.fixture
def queue(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage the queue of parts."""
    url = boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]
    monkeypatch.setenv("SEQUENCE_JOBS_QUEUE_URL", url)
    yield
    boto3.client("sqs").delete_queue(QueueUrl=url)


def enrol(person: Person) -> None:
    """Make the person a member of their tenant, which jobs ask for."""
    table.put_many([{"PK": f"TENANT#{person.tenant_id}", "SK": f"MEMBER#{person.user_id}", "entity": "Member"}])


def requested(person: Person) -> list[Event]:
    """Return the events that ask for jobs of a person, the oldest first."""
    found = [events.stored(each) for each in table.query_all(jobs.partition(person.user_id), "EVENT#job_")]
    return [each for each in found if each.event_type == "jobs.job.requested"]


def found(person: Person, job_id: str) -> Job:
    """Return a job as it is stored."""
    job = jobs.find(person.user_id, job_id)
    assert job is not None
    return job


def message(person: Person, job_id: str) -> dict[str, Any]:
    """Return the batch with the message of the next part of a job."""
    told = {"user_id": person.user_id, "job_id": job_id, "kind": found(person, job_id).kind}
    return batch([json.dumps(told)])


def does(event: dict[str, Any]) -> None:
    """Have the consumer handle a batch."""
    assert consumers.handler(event, Context()) == {"batchItemFailures": []}


def dies_at_every_step(event: dict[str, Any], *, takes_effect: bool) -> None:
    """Have a batch handled by consumers that die, each one call later than the one before, until one does not."""
    for number in itertools.count(1):
        with dying_at(number, takes_effect=takes_effect) as made:
            consumers.handler(event, Context())
        if len(made) < number:
            return


def works(person: Person, job_id: str, time: time_machine.Traveller) -> int:
    """Do a job to its end, waiting as it says, and return in how many parts."""
    (asked,) = [each for each in requested(person) if each.subject_id == job_id]
    does(delivered([asked]))
    parts = 1
    while found(person, job_id).status not in jobs.ENDED:
        time.shift(timedelta(minutes=1))
        does(message(person, job_id))
        parts += 1
    return parts


def waiting() -> tuple[int, int]:
    """Return how many messages of the queue can be received, and how many still wait for that."""
    url = config.sequence_jobs_queue_url()
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    found = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(found[names[0]]), int(found[names[1]])


@contextmanager
def consumed(used: set[str]) -> Iterator[set[str]]:
    """Tell what the consumers use from what everybody else does, as long as the block lasts."""
    behind: set[str] = set()
    handle = consumers.handler

    def apart(event: dict[str, Any], context: object) -> dict[str, Any]:
        before = {*used}
        used.clear()
        try:
            return handle(event, context)
        finally:
            behind.update(used)
            used.clear()
            used.update(before)

    with mock.patch.object(consumers, "handler", apart):
        yield behind
