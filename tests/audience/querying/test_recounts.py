"""The files of leads compared with the table: what is told, what is only on its way, and what makes files anew."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import boto3
import pytest
import time_machine

from functions.audience.querying import consumers, recounts
from shared.callers import auth
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.storage import events, files, table
from tests.audience.people import Person
from tests.audience.querying.publishing import Row, publish, stored
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered

MINUTES = timedelta(minutes=6)


@pytest.fixture
def ada(ada: Person, queue_url: str, time: time_machine.Traveller) -> Person:
    """An owner of her tenant."""
    place = auth.membership_key(ada.tenant_id, ada.user_id)
    table.put_many([{"PK": place.pk, "SK": place.sk, "entity": "Membership", "role": "owner"}])
    return ada


@pytest.fixture
def compactor(ada: Person, monkeypatch: pytest.MonkeyPatch) -> str:
    """The queue of the compactor."""
    made = boto3.client("sqs").create_queue(QueueName="milepost-local-AudienceFiles-Queue")["QueueUrl"]
    monkeypatch.setenv("AUDIENCE_FILES_QUEUE_URL", made)
    return str(made)


def taken(queue_url: str) -> list[str]:
    sqs = boto3.client("sqs")
    messages = sqs.receive_message(QueueUrl=queue_url).get("Messages", [])
    for each in messages:
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=each["ReceiptHandle"])
    return [each["Body"] for each in messages]


def begun(ada: Person, *, repair: bool = False) -> str:
    answer = ada.post("/segments/recount", {"repair": repair})
    assert answer.status == 202, answer.body
    return str(answer.body["job_id"])


def looks(ada: Person, job_id: str) -> None:
    """Do the first part of a job."""
    found = [events.stored(each) for each in table.query_all(jobs.partition(ada.user_id), events.prefix(job_id))]
    event = delivered([each for each in found if each.event_type == "jobs.job.requested"])
    assert consumers.handler(event, Context()) == {"batchItemFailures": []}


def goes_on(ada: Person, job_id: str, queue_url: str) -> Job:
    """Do what is due of a job, and return it."""
    while bodies := taken(queue_url):
        assert consumers.handler(batch(bodies), Context()) == {"batchItemFailures": []}
    job = jobs.find(ada.user_id, job_id)
    assert job is not None
    return job


def told(job: Job) -> list[dict[str, Any]]:
    made = jobs.file_of(job)
    assert made is not None
    return [json.loads(each) for each in files.read(made.key, most_bytes=2**20).body.splitlines()]


def has(ada: Person, number: int) -> list[str]:
    return sorted(str(ada.creates(external_id=f"{each}")["lead_id"]) for each in range(number))


def at_version(row: Row, version: int) -> dict[str, Any]:
    return {**row, "version": version}


def by_id(tenant_id: str) -> Mapping[str, Row]:
    return {each["lead_id"]: each for each in stored(tenant_id)}


@pytest.mark.parametrize("in_a_part", [1, 2, 5, 50_000])
def test_each_way_to_differ_is_told(
    ada: Person, queue_url: str, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, in_a_part: int
):
    monkeypatch.setattr(recounts, "PART_LEADS", in_a_part)
    same, missing, old, newer, too_many = has(ada, 5)
    ada.patch(f"/leads/{old}", {"name": "New"})
    there = by_id(ada.tenant_id)
    assert ada.delete(f"/leads/{too_many}").status == 204
    rows = [there[same], at_version(there[old], 1), at_version(there[newer], 9), there[too_many]]
    publish(ada.tenant_id, rows)
    time.shift(MINUTES)
    job_id = begun(ada)
    looks(ada, job_id)
    first = goes_on(ada, job_id, queue_url)
    time.shift(MINUTES)
    job = goes_on(ada, job_id, queue_url)

    assert first.status == "running"
    assert (job.status, job.done, job.refused) == ("completed", 4, 4)
    assert {each["lead_id"]: (each["difference"], each["in_files"], each["in_table"]) for each in told(job)} == {
        missing: ("missing", None, 1),
        old: ("old", 1, 2),
        newer: ("newer", 9, 1),
        too_many: ("too_many", 1, None),
    }


def test_what_is_on_its_way_to_the_files_is_no_difference(ada: Person, queue_url: str, time: time_machine.Traveller):
    changed, erased, late = has(ada, 3)
    publish(ada.tenant_id, stored(ada.tenant_id))
    time.shift(MINUTES)
    ada.patch(f"/leads/{changed}", {"name": "New"})
    before = by_id(ada.tenant_id)
    ada.delete(f"/leads/{erased}")
    publish(ada.tenant_id, [before[late], at_version(before[changed], 1), before[erased]])
    job_id = begun(ada)
    looks(ada, job_id)
    publish(ada.tenant_id, stored(ada.tenant_id))
    time.shift(MINUTES)
    job = goes_on(ada, job_id, queue_url)

    assert (job.status, job.refused, told(job)) == ("completed", 0, [])


def test_files_that_are_the_same_are_looked_at_once(ada: Person, queue_url: str, time: time_machine.Traveller):
    has(ada, 3)
    publish(ada.tenant_id, stored(ada.tenant_id))
    time.shift(MINUTES)
    job_id = begun(ada)
    looks(ada, job_id)
    job = goes_on(ada, job_id, queue_url)

    assert (job.status, job.done, told(job)) == ("completed", 3, [])


def test_a_tenant_without_files_has_none_that_differ(ada: Person, queue_url: str, time: time_machine.Traveller):
    has(ada, 3)
    time.shift(MINUTES)
    job_id = begun(ada, repair=True)
    looks(ada, job_id)

    assert told(goes_on(ada, job_id, queue_url)) == []


@pytest.mark.parametrize("repair", [True, False])
def test_files_that_differ_are_made_anew_if_asked(
    ada: Person, queue_url: str, compactor: str, time: time_machine.Traveller, *, repair: bool
):
    has(ada, 2)
    publish(ada.tenant_id, [])
    time.shift(MINUTES)
    job_id = begun(ada, repair=repair)
    looks(ada, job_id)
    time.shift(MINUTES)
    job = goes_on(ada, job_id, queue_url)
    asked = [json.loads(each) for each in taken(compactor)]

    assert [each["repaired"] for each in told(job)] == [repair] * 2
    assert (job.status, job.refused) == ("completed", 0 if repair else 2)
    assert asked == ([{"tenant_id": ada.tenant_id, "task": "rebuild"}] if repair else [])


def test_another_tenant_is_not_looked_at(ada: Person, eve: Person, queue_url: str, time: time_machine.Traveller):
    has(eve, 2)
    publish(eve.tenant_id, [])
    publish(ada.tenant_id, [])
    time.shift(MINUTES)
    job_id = begun(ada)
    looks(ada, job_id)
    job = goes_on(ada, job_id, queue_url)

    assert (job.status, job.done, told(job)) == ("completed", 0, [])


@pytest.mark.parametrize("scope", ["audience:read", "audience:write", "audience:send"])
def test_comparing_files_takes_an_administrator(ada: Person, scope: str):
    assert ada.holding(scope).post("/segments/recount", {}).status == 403
    assert ada.post("/segments/recount", {"repair": 1}).status == 422
