"""The members of a segment in a sheet, and how many they were day by day."""

import csv
import io
import json
from typing import Any

import boto3
import pytest
import time_machine

from functions.audience.leads import exporting
from functions.audience.querying import consumers, exports, watching
from shared.callers import auth
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.storage import events, files, table
from tests.audience.people import Person
from tests.audience.querying.publishing import publish, stored
from tests.audience.segments.rules.leads import condition
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered

VISITORS = condition("visits", ">=", 1)
DAYS = 24 * 3600


@pytest.fixture
def ada(ada: Person, queue_url: str) -> Person:
    """A member of her tenant."""
    place = auth.membership_key(ada.tenant_id, ada.user_id)
    table.put_many([{"PK": place.pk, "SK": place.sk, "entity": "Membership"}])
    return ada


def creates(ada: Person, tree: Any = VISITORS) -> str:
    answer = ada.post("/segments", {"name": "x", "rule_ast": tree})
    assert answer.status == 201, answer.body
    return str(answer.body["segment_id"])


def exported(ada: Person, segment_id: str, queue_url: str) -> Job:
    """Have a segment exported, and return the job when it has ended."""
    answer = ada.post(f"/segments/{segment_id}/export")
    assert answer.status == 202, answer.body
    job_id = answer.body["job_id"]
    found = [events.stored(each) for each in table.query_all(jobs.partition(ada.user_id), events.prefix(job_id))]
    event = delivered([each for each in found if each.event_type == "jobs.job.requested"])
    while event["Records"]:
        assert consumers.handler(event, Context()) == {"batchItemFailures": []}
        messages = boto3.client("sqs").receive_message(QueueUrl=queue_url).get("Messages", [])
        for each in messages:
            boto3.client("sqs").delete_message(QueueUrl=queue_url, ReceiptHandle=each["ReceiptHandle"])
        event = batch([each["Body"] for each in messages])
    job = jobs.find(ada.user_id, job_id)
    assert job is not None
    return job


def rows(job: Job) -> list[dict[str, str]]:
    text = files.read(job.file[0], most_bytes=10**6).body.decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("is_by_files", [True, False])
def test_all_members_are_in_the_sheet_part_by_part(
    ada: Person, queue_url: str, monkeypatch: pytest.MonkeyPatch, *, is_by_files: bool
) -> None:
    monkeypatch.setattr(exporting, "PART_LEADS", 3)
    monkeypatch.setattr("functions.audience.querying.choosing.LEAST", 0 if is_by_files else 2000)
    written = ada.imports(*[{"external_id": f"crm-{each}", "visits": each} for each in range(9)])
    publish(ada.tenant_id, stored(ada.tenant_id))
    job = exported(ada, creates(ada), queue_url)

    assert (job.status, job.done, job.unit) == ("completed", 8, "leads")
    assert [each["lead_id"] for each in rows(job)] == [each["lead_id"] for each in written[1:]]


def test_no_cell_is_a_formula(ada: Person, queue_url: str) -> None:
    formula = '=HYPERLINK("https://example.org","x")'
    ada.imports({"name": formula, "visits": 1, "tags": ["@x", "b"], "phones": ["+442079460958"], "external_id": "-1+2"})
    (row,) = rows(exported(ada, creates(ada), queue_url))

    assert (row["name"], row["tags"], row["phones"], row["external_id"]) == (
        f"'{formula}", "'@x;b", "+442079460958", "'-1+2",
    )  # fmt: skip


def test_an_export_of_a_segment_that_is_deleted_meanwhile_fails(ada: Person, queue_url: str) -> None:
    segment_id = creates(ada)
    begun = ada.post(f"/segments/{segment_id}/export").body
    ada.delete(f"/segments/{segment_id}")
    message = {"user_id": ada.user_id, "job_id": begun["job_id"], "kind": exports.KIND}
    consumers.handler(batch([json.dumps(message)]), Context())
    job = jobs.find(ada.user_id, begun["job_id"])

    assert job is not None
    assert (job.status, job.reason) == ("failed", "segment_deleted")


def test_what_files_alone_can_answer_is_not_exported_without_them(ada: Person, queue_url: str) -> None:
    job = exported(ada, creates(ada, condition("campaign.any.sent_at", "IS_SET")), queue_url)

    assert (job.status, job.reason) == ("failed", "not_answered")


def test_who_only_writes_leads_does_not_export_members(ada: Person) -> None:
    answer = ada.holding("audience:write").post(f"/segments/{creates(ada)}/export")

    assert (answer.status, answer.code) == (403, "InsufficientScope")


def test_a_segment_of_another_tenant_is_neither_exported_nor_charted(ada: Person, eve: Person) -> None:
    segment_id = creates(ada)

    assert eve.post(f"/segments/{segment_id}/export").status == 404
    assert eve.get(f"/segments/{segment_id}/chart").status == 404


def test_a_chart_has_the_last_count_of_each_day(ada: Person, by_files: None, time: time_machine.Traveller) -> None:
    segment_id = creates(ada)
    before = ada.get(f"/segments/{segment_id}/chart").body["days"]
    for number in (1, 2):
        ada.imports(*[{"external_id": f"crm-{each}", "visits": 1} for each in range(number)])
        publish(ada.tenant_id, stored(ada.tenant_id))
        watching.look(ada.tenant_id, segment_id)
    time.shift(3 * DAYS)
    ada.imports({"external_id": "late", "visits": 1})
    publish(ada.tenant_id, stored(ada.tenant_id))
    watching.look(ada.tenant_id, segment_id)
    chart = ada.get(f"/segments/{segment_id}/chart", "days=5").body
    shorter = ada.ask("segmentChart", segmentId=segment_id, days=2).data["days"]

    assert before == []
    assert [(each["day"], each["count"]) for each in chart["days"]] == [
        ("2026-11-20", 2), ("2026-11-21", 2), ("2026-11-22", 2), ("2026-11-23", 3),
    ]  # fmt: skip
    assert [each["count"] for each in shorter] == [2, 3]


@pytest.mark.parametrize("days", ["0", "367", "x"])
def test_a_chart_has_a_year_at_most(ada: Person, days: str) -> None:
    assert ada.get(f"/segments/{creates(ada)}/chart", f"days={days}").status == 422
