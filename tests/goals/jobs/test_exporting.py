"""All goals exported into a file, as a job."""

import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from functions.goals.jobs import exports
from infra.constructs import bus
from shared.jobs import jobs, parts
from shared.messaging import batches
from shared.storage import files, table
from tests.aws import hooks
from tests.aws.messages import batch
from tests.goals.conftest import expel
from tests.goals.jobs.working import asks, does, message, requested, rows, shown, stage, told, waiting, works
from tests.goals.people import Person
from tests.goals.transfer.carrying import original

__all__ = ["original", "stage"]
pytestmark = pytest.mark.usefixtures("stage")


def begun(person: Person, key: str | None = None) -> str:
    answer = person.post("/goals/export-jobs", key=key)
    assert answer.status == 202, answer.body
    return str(answer.body["job_id"])


def written(person: Person, job_id: str) -> list[dict[str, Any]]:
    """Return the documents of the file that a job has made."""
    job = jobs.find(person.user_id, job_id)
    made = None if job is None else jobs.file_of(job)
    assert made is not None
    return [json.loads(line) for line in files.read(made.key, most_bytes=exports.MOST_BYTES).body.splitlines()]


def kinds(documents: Sequence[dict[str, Any]]) -> list[str]:
    return [each["kind"] for each in documents]


def test_a_job_writes_what_the_export_of_each_goal_answers(ada: Person, original: str):
    other = ada.sets_goal(title="Learn to swim")["goal_id"]
    job_id = begun(ada)
    assert shown(ada, job_id)["status"] == "queued"
    works(ada, job_id)
    head, goal, *tasks, last, end = written(ada, job_id)
    page = ada.get(f"/goals/{original}/export").body

    assert (head["kind"], head["format"], head["account"]["user_id"]) == ("export", 1, ada.user_id)
    assert goal == {"kind": "goal", "goal_id": original, "goal": page["goal"]}
    assert tasks == [{"kind": "task", "goal_id": original, "task": task} for task in page["tasks"]]
    assert (last["kind"], last["goal_id"]) == ("goal", other)
    assert end == {"kind": "end", "goals": 2, "tasks": 4}


def test_a_job_says_how_far_it_is_and_how_it_has_ended(ada: Person, original: str):
    job_id = begun(ada)
    before = shown(ada, job_id)
    works(ada, job_id)
    after = shown(ada, job_id)

    assert (before["status"], before["done"], before["total"], before["has_file"]) == ("queued", 0, 1, False)
    assert (after["status"], after["done"], after["rows"], after["has_file"]) == ("completed", 1, 1, True)
    assert rows(ada, job_id) == [{"reference": original, "status": "done", "result": None, "reason": None}]
    assert told(ada, job_id) == ["jobs.job.requested", "jobs.job.completed"]


def test_the_file_is_written_in_parts_and_is_whole(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "PART_BYTES", 1)
    made = [ada.sets_goal(title=f"Goal {number}")["goal_id"] for number in range(12)]
    job_id = begun(ada)

    assert works(ada, job_id) == 3
    documents = written(ada, job_id)
    assert kinds(documents) == ["export", *["goal"] * 12, "end"]
    assert [each["goal_id"] for each in documents if each["kind"] == "goal"] == made
    assert documents[-1] == {"kind": "end", "goals": 12, "tasks": 0}


def test_a_part_that_comes_twice_is_recorded_once(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "PART_BYTES", 1)
    for number in range(12):
        ada.sets_goal(title=f"Goal {number}")
    job_id = begun(ada)
    event = requested(ada, job_id)
    does(event)
    does(event)
    while bodies := waiting():
        does(batch(bodies))
        does(batch(bodies))

    assert kinds(written(ada, job_id)) == ["export", *["goal"] * 12, "end"]
    assert len(rows(ada, job_id)) == shown(ada, job_id)["rows"] == 12
    assert told(ada, job_id) == ["jobs.job.requested", "jobs.job.completed"]


def test_a_part_recorded_by_somebody_faster_is_dropped(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "PART_BYTES", 1)
    for number in range(12):
        ada.sets_goal(title=f"Goal {number}")
    job_id = begun(ada)
    event = requested(ada, job_id)
    faster: list[int] = []

    def overtake(**_: object) -> None:
        if not faster:
            faster.append(1)
            does(event)

    hooks.register("before-call.dynamodb.TransactWriteItems", overtake)
    does(event)
    while bodies := waiting():
        does(batch(bodies))

    assert faster == [1]
    assert kinds(written(ada, job_id)) == ["export", *["goal"] * 12, "end"]
    assert len(rows(ada, job_id)) == 12


def test_a_part_recorded_by_somebody_faster_while_it_is_recorded_is_dropped(
    ada: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "PART_BYTES", 1)
    for number in range(12):
        ada.sets_goal(title=f"Goal {number}")
    job_id = begun(ada)
    event = requested(ada, job_id)
    written_before: list[int] = []

    def overtake(**_: object) -> None:
        # The first write lets the job run, the second one records the part.
        written_before.append(1)
        if len(written_before) == 2:
            does(event)

    hooks.register("before-call.dynamodb.TransactWriteItems", overtake)
    does(event)
    after_one = rows(ada, job_id)
    while bodies := waiting():
        does(batch(bodies))

    assert len(after_one) == 5
    assert kinds(written(ada, job_id)) == ["export", *["goal"] * 12, "end"]
    assert len(rows(ada, job_id)) == 12


def test_a_goal_that_changes_while_it_is_read_is_exported_as_it_is_then(ada: Person):
    goal_id = ada.sets_goal(title="Before")["goal_id"]
    task = ada.adds_task(goal_id, title="Run")
    job_id = begun(ada)
    event = requested(ada, job_id)
    changed: list[str] = []

    def change(*, params: dict[str, Any], **_: object) -> None:
        if not changed and "TASK#" in str(params["body"]):
            changed.append("once")
            ada.completes(task)
            ada.patch(f"/goals/{goal_id}", {"title": "After"})

    hooks.register("before-call.dynamodb.Query", change)
    does(event)
    _, goal, exported, _ = written(ada, job_id)

    assert changed == ["once"]
    assert goal["goal"] == ada.get(f"/goals/{goal_id}/export").body["goal"]
    assert (goal["goal"]["title"], exported["task"]["status"]) == ("After", "completed")


def test_a_part_has_no_more_rows_than_a_transaction_takes(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "MOST_ROWS", 11)
    for number in range(12):
        ada.sets_goal(title=f"Goal {number}")

    assert works(ada, begun(ada)) == 2


def test_a_job_goes_on_where_it_broke_off(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "PART_BYTES", 1)
    for number in range(12):
        ada.sets_goal(title=f"Goal {number}")
    job_id = begun(ada)
    event = requested(ada, job_id)
    does(event)
    lost = waiting()
    works(ada, job_id)

    assert len(lost) == 1
    assert kinds(written(ada, job_id)) == ["export", *["goal"] * 12, "end"]


def test_a_part_that_fails_is_tried_again_and_given_up_in_the_end(ada: Person, monkeypatch: pytest.MonkeyPatch):
    ada.sets_goal()
    job_id = begun(ada)
    monkeypatch.setenv("FILES_BUCKET", "there-is-no-such-bucket")
    body = message(ada, job_id, exports.KIND)
    first = does(batch([body]))
    between = shown(ada, job_id)
    last = does(batch([body], receives=8))
    after = shown(ada, job_id)

    assert first == last == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert (between["status"], after["status"], after["reason"]) == ("running", "failed", "gave_up")
    assert told(ada, job_id) == ["jobs.job.requested", "jobs.job.failed"]


def test_the_last_try_is_the_one_before_the_dead_letters():
    assert batches.MAX_RECEIVES == bus.MAX_RECEIVES


def test_an_export_that_is_too_large_fails(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "MOST_BYTES", 100)
    ada.sets_goal()
    job_id = begun(ada)
    works(ada, job_id)

    assert (shown(ada, job_id)["status"], shown(ada, job_id)["reason"]) == ("failed", "too_large")


def test_a_user_without_goals_gets_a_whole_file(ada: Person):
    job_id = begun(ada)
    works(ada, job_id)

    assert kinds(written(ada, job_id)) == ["export", "end"]


def test_a_job_ends_when_its_owner_is_no_member_any_more(ada: Person):
    job_id = begun(ada)
    expel(ada)
    works(ada, job_id)
    job = jobs.find(ada.user_id, job_id)

    assert job is not None
    assert (job.status, job.reason, job.file) == ("failed", "owner_left", ())


def test_the_file_is_fetched_at_a_signed_address(ada: Person, bob: Person):
    job_id = begun(ada)
    early = asks(ada, "GET", f"/{job_id}/file")
    works(ada, job_id)
    answer = asks(ada, "GET", f"/{job_id}/file")
    url = httpx.URL(answer.body["url"])

    assert (early.status, early.body["code"]) == (404, "JobFileNotFound")
    assert answer.status == 200
    assert answer.body["name"] == f"milepost-{shown(ada, job_id)['created_at'][:10]}.jsonl"
    assert f"/exports/{ada.tenant_id}/" in url.path
    assert asks(bob, "GET", f"/{job_id}/file").status == 404


def test_one_request_begins_one_job(ada: Person):
    assert begun(ada, key="once") == begun(ada, key="once")


def test_three_jobs_of_a_user_wait_or_run_at_most(ada: Person):
    first, *_ = [begun(ada) for _ in range(3)]
    refused = ada.post("/goals/export-jobs")
    asks(ada, "POST", f"/{first}/cancel")

    assert (refused.status, refused.body["code"]) == (409, "TooManyJobs")
    assert ada.post("/goals/export-jobs").status == 202


def test_messages_that_nobody_can_read_hold_up_no_other(ada: Person):
    job_id = begun(ada)
    bodies = ["{", "[]", '{"user_id": "user_1", "job_id": "job_1", "kind": "goals.export"}']
    answer = does(batch([*bodies, message(ada, job_id, exports.KIND)]))

    assert [each["itemIdentifier"] for each in answer["batchItemFailures"]] == ["message-0", "message-1", "message-2"]
    assert shown(ada, job_id)["status"] == "completed"


def test_work_of_other_contexts_is_left_to_them(ada: Person):
    job_id = begun(ada)

    assert does(batch([message(ada, job_id, "leads.import")])) == {"batchItemFailures": []}
    assert shown(ada, job_id)["status"] == "queued"


def test_what_is_left_of_a_job_expires_together(ada: Person):
    ada.sets_goal()
    job_id = begun(ada)
    works(ada, job_id)
    found = [
        item
        for prefix in ("JOB#", f"JOBROW#{job_id}#")
        for item in table.query_all(jobs.partition(ada.user_id), prefix)
    ]

    assert [item["entity"] for item in found] == ["Job", "JobRow"]
    assert len({item["ttl"] for item in found}) == 1
