"""Somebody from outside, the items that name them, and the job that erases them."""

import json

import pytest

from shared.jobs import jobs
from shared.jobs.jobs import Job
from tests.aws.quick import table as table_in_process
from tests.aws.stored_items import readable
from tests.projects.plans.arriving import works
from tests.projects.team import Person

NAME, ADDRESS = "Mary Somerville", "mary@example.com"
MARY = {"name": NAME, "address": ADDRESS}


def naming() -> list[str]:
    """Return the sort keys of the items that have the name or the address."""
    found = [(item["SK"], json.dumps(readable(item), default=str)) for item in table_in_process.everything()]
    return sorted(place for place, text in found if NAME in text or ADDRESS in text.lower())


def asks(person: Person, address: str = ADDRESS) -> str:
    """Ask that somebody is erased, and return the job."""
    asked = person.post("/projects/outsiders/erase", {"address": address})
    assert asked.status == 202, asked.body
    assert asked.headers["Location"] == f"/api/v1/jobs/{asked.body['job_id']}"
    return str(asked.body["job_id"])


def finished(person: Person, job_id: str) -> Job:
    """Do the parts of a job until it has ended, and return it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROJECT_JOBS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/ProjectJobs")
        patch.setattr("shared.messaging.queues.send", lambda *_args, **_more: None)
        for _ in range(20):
            works(person, job_id)
            job = jobs.find(person.user_id, job_id)
            assert job is not None
            if job.status in jobs.ENDED:
                return job
    raise AssertionError("the job does not end")


def erases(person: Person, address: str = ADDRESS) -> Job:
    """Have somebody erased."""
    return finished(person, asks(person, address))
