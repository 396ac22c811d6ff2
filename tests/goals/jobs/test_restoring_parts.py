"""The parts of a restore from a file: they come twice, die, wait and end, and no goal is restored twice or lost."""

import pytest

from functions.goals.jobs import restores
from shared.errors import Unavailable
from shared.jobs import jobs, parts
from tests.aws import hooks
from tests.aws.messages import batch
from tests.goals.conftest import Travel
from tests.goals.jobs.sent_files import begun, export, marathon, titles
from tests.goals.jobs.working import (
    announced,
    asks,
    does,
    message,
    requested,
    rows,
    shown,
    stage,
    told,
    upload,
    waiting,
    works,
)
from tests.goals.people import Person
from tests.goals.transfer.carrying import original

__all__ = ["original", "stage"]
pytestmark = pytest.mark.usefixtures("stage")


def test_every_part_may_come_twice(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(restores, "MOST_LINES", 2)
    job_id = begun(ada, export(*(marathon(title=f"Goal {number}") for number in range(4))))
    event = requested(ada, job_id)
    while event["Records"]:
        does(event)
        does(event)
        event = batch(waiting()[:1])

    assert titles(ada) == [f"Goal {number}" for number in range(4)]
    assert [row["status"] for row in rows(ada, job_id)] == ["done"] * 4
    assert shown(ada, job_id)["status"] == "completed"


def test_a_table_that_is_busy_refuses_no_goal(ada: Person):
    job_id = begun(ada, export(marathon(title="Later")))
    busy: list[str] = []

    def fail(**_: object) -> None:
        if not busy:
            busy.append("once")
            raise Unavailable("The table did not answer in time.")

    hooks.register("before-call.dynamodb.BatchWriteItem", fail)
    failed = does(requested(ada, job_id))
    works(ada, job_id)

    assert failed == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert [row["status"] for row in rows(ada, job_id)] == ["done"]
    assert titles(ada) == ["Later"]


def test_a_file_that_is_restored_twice_brings_its_goals_twice(ada: Person):
    body = export(marathon(title="Twice"))
    for _ in range(2):
        works(ada, begun(ada, body))

    assert titles(ada) == ["Twice", "Twice"]


def test_a_part_has_no_more_rows_than_a_transaction_takes(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "MOST_ROWS", 4)
    job_id = begun(ada, export(*(marathon(title=f"Goal {number}") for number in range(7))))

    assert works(ada, job_id) == 3
    assert len(rows(ada, job_id)) == 7


def test_a_job_that_waits_for_its_file_is_begun_by_no_message(ada: Person):
    body = export(marathon())
    job_id = announced(ada, body)
    upload(ada, job_id, body)

    assert does(batch([message(ada, job_id, restores.KIND)])) == {"batchItemFailures": []}
    assert shown(ada, job_id)["status"] == "queued"
    assert titles(ada) == []


def test_a_part_that_dies_behind_its_work_restores_nothing_twice(ada: Person):
    job_id = begun(ada, export(marathon(title="Once")))
    job = jobs.find(ada.user_id, job_id)
    assert job is not None
    died = restores.work(job)
    works(ada, job_id)

    assert [row.result for row in died.rows] == [row["result"] for row in rows(ada, job_id)]
    assert titles(ada) == ["Once"]


def test_a_goal_with_many_tasks_is_restored_over_several_parts(ada: Person, travel: Travel, monkeypatch):
    monkeypatch.setattr(restores, "MOST_LINES", 60)
    travel("2026-01-01T08:00:00Z")
    goal_id = ada.sets_goal(title="Long")["goal_id"]
    for number in range(130):
        ada.adds_task(goal_id, title=f"Task {number}")
    page, cursor = ada.get(f"/goals/{goal_id}/export", "limit=100").body, None
    tasks, cursor = page["tasks"], page["next_cursor"]
    tasks = tasks + ada.get(f"/goals/{goal_id}/export", f"limit=100&cursor={cursor}").body["tasks"]
    job_id = begun(ada, export((goal_id, page["goal"], tasks)))
    parts = works(ada, job_id)
    (row,) = rows(ada, job_id)

    assert (parts, row["status"]) == (3, "done")
    assert ada.progress(row["result"])["total_tasks"] == 130


def test_a_cancelled_job_ends_behind_its_part_and_keeps_what_it_has_done(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(restores, "MOST_LINES", 3)
    job_id = begun(ada, export(*(marathon(title=f"Goal {number}") for number in range(5))))
    does(requested(ada, job_id))
    cancelled = asks(ada, "POST", f"/{job_id}/cancel").body
    does(batch(waiting()))

    assert (cancelled["status"], cancelled["is_cancelled"]) == ("running", True)
    assert shown(ada, job_id)["status"] == "cancelled"
    assert waiting() == []
    assert len(titles(ada)) == len(rows(ada, job_id)) == 2
    assert told(ada, job_id) == ["jobs.job.requested", "jobs.job.cancelled"]
