"""Goals restored from a file that was sent, as a job."""

import hashlib
import json

import pytest

from functions.goals.jobs import documents, restores
from functions.goals.transfer.shapes import GoalRestore, TaskRestore
from shared.jobs import jobs
from shared.storage import files
from tests.aws.messages import batch
from tests.goals.catalogue import example
from tests.goals.jobs.sent_files import END, Document, begun, content, export, marathon, titles
from tests.goals.jobs.working import (
    announced,
    does,
    message,
    rows,
    shown,
    stage,
    told,
    upload,
    works,
)
from tests.goals.people import Person
from tests.goals.transfer.carrying import original

__all__ = ["original", "stage"]
pytestmark = pytest.mark.usefixtures("stage")


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


@pytest.mark.parametrize(
    "sent", [{}, {"size": 0, "sha256": "0" * 64}, {"size": 1, "sha256": "x"}, {"size": 104857601, "sha256": "0" * 64}]
)
def test_a_file_that_is_announced_wrongly_is_refused(ada: Person, sent: Document):
    assert ada.post("/goals/restore-jobs", sent).status == 422


def test_the_largest_goal_has_room_in_a_line(ada: Person):
    point = example(GoalRestore)["history"][0]
    goal = example(GoalRestore) | {"history": [point] * 4000, "description": "ü" * 5000}

    assert len(json.dumps({"kind": "goal", "goal_id": "goal_1", "goal": goal})) < restores.PART_BYTES
