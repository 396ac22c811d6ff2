"""Goals restored from a file that was sent, as a job."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest

from functions.goals.jobs import documents, restores
from functions.goals.transfer.shapes import GoalRestore, TaskRestore
from shared import ids
from shared.errors import Unavailable
from shared.jobs import jobs, parts
from shared.storage import files
from tests.aws import hooks
from tests.aws.messages import batch
from tests.goals.catalogue import example
from tests.goals.conftest import Travel
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

Document = dict[str, Any]
END: Document = {"kind": "end", "goals": 1, "tasks": 0}


def content(*lines: Document) -> bytes:
    return b"".join(documents.line(each) for each in lines)


def export(*goals: tuple[str, Document, Sequence[Document]]) -> bytes:
    """Return a file with these goals, each under the id that it had and with its tasks."""
    lines: list[Document] = [{"kind": "export", "format": 1}]
    for goal_id, goal, tasks in goals:
        lines.append({"kind": "goal", "goal_id": goal_id, "goal": goal})
        lines += [{"kind": "task", "goal_id": goal_id, "task": task} for task in tasks]
    end = {"kind": "end", "goals": len(goals), "tasks": sum(len(tasks) for _, _, tasks in goals)}
    return content(*lines, end)


def marathon(**fields: Any) -> tuple[str, Document, list[Document]]:
    return ids.new("goal"), example(GoalRestore) | fields, [example(TaskRestore)]


def begun(person: Person, body: bytes) -> str:
    """Announce a file, put it where it is to be sent, and start the job."""
    job_id = announced(person, body)
    upload(person, job_id, body)
    answer = person.post(f"/goals/restore-jobs/{job_id}/start")
    assert answer.status == 202, answer.body
    return job_id


def titles(person: Person) -> list[str]:
    return sorted(goal["title"] for goal in person.get("/goals", "limit=100").body["items"])


def test_what_a_job_has_exported_another_one_restores(ada: Person, bob: Person, original: str):
    exporting = str(ada.post("/goals/export-jobs").body["job_id"])
    works(ada, exporting)
    job = jobs.find(ada.user_id, exporting)
    made = None if job is None else jobs.file_of(job)
    assert made is not None
    restoring = begun(bob, files.read(made.key, most_bytes=documents.MOST_BYTES).body)
    works(bob, restoring)
    (row,) = rows(bob, restoring)
    before, after = (
        person.get(f"/goals/{goal_id}/export").body for person, goal_id in ((ada, original), (bob, row["result"]))
    )

    assert (row["reference"], row["status"], row["reason"]) == (original, "done", None)
    assert after["goal"] == before["goal"]
    assert [without_id(task) for task in after["tasks"]] == [without_id(task) for task in before["tasks"]]
    # Time stands still here, and with it the order of events.
    assert sorted(told(bob, restoring)) == ["jobs.job.completed", "jobs.job.requested"]


def without_id(task: Document) -> Document:
    return {name: value for name, value in task.items() if name != "task_id"}


def test_the_answer_says_where_the_file_is_to_be_sent(ada: Person):
    sent = {"size": 3, "sha256": hashlib.sha256(b"abc").hexdigest()}
    first = ada.post("/goals/restore-jobs", sent, key="once").body
    again = ada.post("/goals/restore-jobs", sent, key="once").body

    assert first["job"] == again["job"]
    assert first["upload"]["method"] == "PUT"
    assert f"/uploads/{ada.tenant_id}/" in first["upload"]["url"]
    assert first["upload"]["headers"]["If-None-Match"] == "*"
    assert first["upload"]["url"].partition("?")[0] == again["upload"]["url"].partition("?")[0]


def test_a_job_cannot_start_before_its_file_is_there(ada: Person):
    body = export(marathon())
    job_id = announced(ada, body)
    early = ada.post(f"/goals/restore-jobs/{job_id}/start")
    does(batch([message(ada, job_id, restores.KIND)]))
    before = shown(ada, job_id)
    upload(ada, job_id, body)

    assert (early.status, early.body["code"]) == (409, "NotUploaded")
    assert (before["status"], told(ada, job_id)) == ("queued", [])
    assert ada.post(f"/goals/restore-jobs/{job_id}/start").status == 202


def test_a_repeated_announcement_is_answered_when_the_job_has_ended(ada: Person):
    body = export(marathon())
    sent = {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    first = ada.post("/goals/restore-jobs", sent, key="announcing")
    job_id = first.body["job"]["job_id"]
    upload(ada, job_id, body)
    ada.post(f"/goals/restore-jobs/{job_id}/start")
    works(ada, job_id)
    again = ada.post("/goals/restore-jobs", sent, key="announcing")

    assert (again.status, again.body["job"]) == (201, first.body["job"])
    assert again.body["upload"]["url"].split("?")[0] == first.body["upload"]["url"].split("?")[0]


def test_a_job_is_started_once(ada: Person):
    job_id = begun(ada, export(marathon()))
    ada.post(f"/goals/restore-jobs/{job_id}/start")

    assert told(ada, job_id) == ["jobs.job.requested"]


def test_only_the_owner_of_a_job_starts_it_and_no_job_of_another_kind(ada: Person, bob: Person):
    job_id = announced(ada, export(marathon()))
    exporting = ada.post("/goals/export-jobs").body["job_id"]

    assert bob.post(f"/goals/restore-jobs/{job_id}/start").status == 404
    assert ada.post(f"/goals/restore-jobs/{exporting}/start").status == 404
    assert ada.post("/goals/restore-jobs/job_1/start").status == 404


def test_a_goal_that_is_refused_keeps_no_other_from_being_restored(ada: Person):
    wrong = marathon(title="")
    forged = marathon(title="Forged", achieved_at=[None] * 4)
    whole = marathon(title="Whole")
    job_id = begun(ada, export(wrong, forged, whole))
    works(ada, job_id)
    first, second, third = rows(ada, job_id)

    assert (first["status"], first["reference"], first["reason"][:7]) == ("refused", wrong[0], "title: ")
    assert (second["status"], second["result"]) == ("refused", None)
    assert (third["status"], third["reference"]) == ("done", whole[0])
    assert titles(ada) == ["Whole"]
    assert (shown(ada, job_id)["status"], shown(ada, job_id)["refused"]) == ("completed", 2)


def test_a_goal_with_a_task_that_cannot_have_been_does_not_appear(ada: Person):
    goal_id, goal, tasks = marathon()
    job_id = begun(ada, export((goal_id, goal, [*tasks, example(TaskRestore) | {"task_id": "task_1"}])))
    works(ada, job_id)

    assert [(row["status"], row["reason"]) for row in rows(ada, job_id)] == [
        ("refused", "tasks.1.task_id: must be the id of a task")
    ]
    assert titles(ada) == []


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


@pytest.mark.parametrize(
    "body",
    [
        b"\n",
        b"no json\n",
        b"[]\n",
        b'{"kind": "export", "format": 2}\n',
        b'{"kind": "goal", "goal_id": "goal_1", "goal": {}}\n',
        content({"kind": "export", "format": 1}, {"kind": "unknown"}),
        content({"kind": "export", "format": 1}, {"kind": "goal", "goal_id": 1, "goal": {}}),
        content({"kind": "export", "format": 1}, {"kind": "goal", "goal_id": "x" * 400_000, "goal": {}}, END),
        b'{"kind": "export", "format": 1}\n{"kind": "goal", "goal_id": "\\ud800", "goal": {}}\n' + content(END),
        content({"kind": "export", "format": 1}, {"kind": "task", "goal_id": "goal_1", "task": {}}),
        b'{"kind": "export", "format": 1}\n' + b"[" * 100_000 + b"\n",
        b"\xff\xfe\xfd\n",
    ],
)
def test_a_file_that_is_no_export_fails(ada: Person, body: bytes):
    job_id = begun(ada, body)
    works(ada, job_id)

    assert (shown(ada, job_id)["status"], shown(ada, job_id)["reason"]) == ("failed", "no_export")
    assert titles(ada) == []


def test_a_line_that_is_too_long_is_no_part_of_an_export(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(restores, "PART_BYTES", 100)
    job_id = begun(ada, content({"kind": "export", "format": 1}, {"kind": "share", "share": "x" * 200}))
    works(ada, job_id)

    assert (shown(ada, job_id)["status"], shown(ada, job_id)["reason"]) == ("failed", "no_export")


def test_of_a_file_that_was_cut_off_the_whole_goals_are_restored(ada: Person):
    whole, cut = marathon(title="Whole"), marathon(title="Cut off")
    lines = export(whole, cut).splitlines(keepends=True)
    job_id = begun(ada, b"".join(lines[:-2]))
    works(ada, job_id)

    assert titles(ada) == ["Whole"]
    assert (shown(ada, job_id)["status"], shown(ada, job_id)["reason"]) == ("failed", "cut_off")
    assert [row["reference"] for row in rows(ada, job_id)] == [whole[0]]


@pytest.mark.parametrize(
    ("counted", "instead"), [(b'"goals":1', b'"goals":2'), (b'"tasks":1', b'"tasks":2'), (b'"tasks":1', b'"tasks":0')]
)
def test_a_file_without_all_that_its_end_counts_is_cut_off(ada: Person, counted: bytes, instead: bytes):
    body = export(marathon()).replace(counted, instead)
    job_id = begun(ada, body)
    works(ada, job_id)

    assert (shown(ada, job_id)["status"], shown(ada, job_id)["reason"]) == ("failed", "cut_off")


def test_what_the_command_line_writes_besides_goals_is_left_out(ada: Person):
    lines = export(marathon()).splitlines(keepends=True)
    more = content({"kind": "share", "share": {}}, {"kind": "link", "link": {}}, {"kind": "achievement"})
    job_id = begun(ada, b"".join([*lines[:-1], b"\r\n", more, lines[-1].rstrip()]))
    works(ada, job_id)

    assert shown(ada, job_id)["status"] == "completed"
    assert len(titles(ada)) == 1


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


@pytest.mark.parametrize(
    "sent", [{}, {"size": 0, "sha256": "0" * 64}, {"size": 1, "sha256": "x"}, {"size": 104857601, "sha256": "0" * 64}]
)
def test_a_file_that_is_announced_wrongly_is_refused(ada: Person, sent: Document):
    assert ada.post("/goals/restore-jobs", sent).status == 422


def test_the_largest_goal_has_room_in_a_line(ada: Person):
    point = example(GoalRestore)["history"][0]
    goal = example(GoalRestore) | {"history": [point] * 4000, "description": "ü" * 5000}

    assert len(json.dumps({"kind": "goal", "goal_id": "goal_1", "goal": goal})) < restores.PART_BYTES
