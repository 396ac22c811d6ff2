"""Imports: what a history may hold, and that a wrong one leaves nothing behind."""

from typing import Any

import pytest

from tests.aws import hooks
from tests.goals.conftest import Happened, Stored, Travel
from tests.goals.people import Person

START = "2026-01-01T00:00:00Z"
NOW = "2026-06-01T00:00:00Z"
ADDED = {"at": START, "event": "task_added", "task": "a", "title": "Alpha"}


def entry(event: str, at: str = "2026-01-02T00:00:00Z", **fields: Any) -> dict[str, Any]:
    return {"at": at, "event": event, **fields}


def history(*entries: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"title": "Python 3.13", "start_at": START, "deadline": "2026-12-31", "history": list(entries), **fields}


DONE = entry("task_completed", task="a")

WRONG_ENTRIES = [
    (history(entry("task_completed", task="a")), "history.0.task"),
    (history(entry("task_reopened", task="a")), "history.0.task"),
    (history(entry("task_cancelled", task="a")), "history.0.task"),
    (history(ADDED, ADDED), "history.1.task"),
    (history(ADDED, DONE, DONE), "history.2.task"),
    (history(ADDED, entry("task_reopened", task="a")), "history.1.task"),
    (history(ADDED, entry("task_cancelled", task="a"), DONE), "history.2.task"),
    (history(entry("task_added", title="Alpha")), "history.0.task"),
    (history(entry("task_added", task="a")), "history.0.title"),
    (history(ADDED, entry("task_completed")), "history.1.task"),
    (history(entry("deadline_moved")), "history.0.deadline"),
    (history(ADDED, {**DONE, "title": "Beta"}), "history.1.title"),
    (history(ADDED, {**DONE, "weight": 2}), "history.1.weight"),
    (history(entry("goal_completed", task="a")), "history.0.task"),
    (history({**ADDED, "deadline": "2026-12-31"}), "history.0.deadline"),
    (history({**ADDED, "at": "2025-12-31T23:59:59.999Z"}), "history.0.at"),
    (history({**ADDED, "at": "2026-06-01T00:00:00.001Z"}), "history.0.at"),
    (history({**ADDED, "at": "2026-01-03T00:00:00Z"}, DONE), "history.1.at"),
    (history({**ADDED, "due_at": "2027-01-01T00:00:00.001Z"}), "history.0.due_at"),
    (history(entry("deadline_moved", deadline="2025-12-31")), "history.0.deadline"),
    (history(entry("deadline_moved", deadline="2036-06-02")), "history.0.deadline"),
    (
        history({**ADDED, "due_at": "2026-11-01T00:00:00.001Z"}, entry("deadline_moved", deadline="2026-10-31")),
        "history.1.deadline",
    ),
    (history(entry("goal_completed"), entry("goal_completed")), "history.1.event"),
    (history(entry("goal_completed"), {**ADDED, "at": "2026-01-03T00:00:00Z"}), "history.1.event"),
]


@pytest.mark.parametrize(("sent", "named"), WRONG_ENTRIES)
def test_an_entry_that_cannot_have_happened_is_named_by_its_index_and_nothing_is_written(
    sent: dict, named: str, ada: Person, travel: Travel, stored: Stored
):
    travel(NOW)
    before = stored()

    answer = ada.post("/goals/import", sent)

    assert (answer.status, answer.code, answer.fields) == (422, "WrongEntry", [named])
    assert stored() == before


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        (history(start_at="2026-06-01T00:00:00.001Z"), "start_at"),
        (history(start_at=None), "start_at"),
        (history(title="ab"), "title"),
        (history(deadline="2025-12-31"), "deadline"),
        (history(time_zone="Mars/Olympus"), "time_zone"),
        (history(weights={"task": 1, "time": 1}), "weights"),
        (history(answers={}), "answers"),
        (history(status="active"), "status"),
        (history(history=None), "history"),
        (history(history={}), "history"),
        (history({**ADDED, "event": "goal_archived"}), "history.0.event"),
        (history({**ADDED, "at": "2026-01-01"}), "history.0.at"),
        (history({**ADDED, "task": ""}), "history.0.task"),
        (history({**ADDED, "task": "x" * 101}), "history.0.task"),
        (history({**ADDED, "title": " "}), "history.0.title"),
        (history({**ADDED, "weight": 0}), "history.0.weight"),
        (history({**ADDED, "weight": "2"}), "history.0.weight"),
        (history({**ADDED, "due_at": "soon"}), "history.0.due_at"),
        (history(ADDED, {**DONE, "by": "bob"}), "history.1.by"),
        (history(ADDED, "task_completed"), "history.1"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(
    sent: dict, named: str, ada: Person, travel: Travel, stored: Stored
):
    travel(NOW)
    before = stored()

    answer = ada.post("/goals/import", sent)

    assert (answer.status, answer.code) == (422, "InvalidInput")
    assert named in answer.fields
    assert stored() == before


@pytest.mark.parametrize("field", ["title", "start_at", "history"])
def test_what_an_import_must_have_is_required(field: str, ada: Person, travel: Travel):
    travel(NOW)
    sent = history(ADDED)
    del sent[field]

    answer = ada.post("/goals/import", sent)

    assert (answer.status, answer.fields) == (422, [field])


def test_1001_entries_are_too_many_and_1000_are_not(ada: Person, travel: Travel, stored: Stored):
    travel(NOW)
    entries = [{**ADDED, "task": f"task {number}"} for number in range(1001)]
    before = stored()

    too_many = ada.post("/goals/import", history(*entries))
    unchanged = stored()
    most = ada.post("/goals/import", history(*entries[:1000]))

    assert (too_many.status, too_many.code) == (413, "TooLarge")
    assert unchanged == before
    assert (most.status, len(most.body["tasks"])) == (201, 1000)
    assert ada.progress(most.body["goal_id"])["total_tasks"] == 1000


def test_an_import_answers_the_goal_the_ids_of_its_tasks_and_its_progress(
    ada: Person, travel: Travel, happened: Happened
):
    travel(NOW)

    answer = ada.post("/goals/import", history(ADDED, {**ADDED, "task": "b"}, DONE))

    goal_id = answer.body["goal_id"]
    tasks = {task["task_id"]: task for task in ada.get(f"/goals/{goal_id}/tasks").body["items"]}
    assert (answer.status, answer.headers["Location"]) == (201, f"/api/v1/goals/{goal_id}")
    assert set(answer.body["tasks"]) == {"a", "b"}
    assert answer.body["progress"] == ada.progress(goal_id)
    assert tasks[answer.body["tasks"]["a"]]["completed_at"] == "2026-01-02T00:00:00.000Z"
    assert tasks[answer.body["tasks"]["b"]]["status"] == "active"
    assert "goals.goal.imported" in [event["event_type"] for event in happened(ada, goal_id)]


def test_an_imported_goal_can_be_worked_on(ada: Person, travel: Travel):
    travel(NOW)
    imported = ada.post("/goals/import", history(ADDED)).body
    task = {"goal_id": imported["goal_id"], "task_id": imported["tasks"]["a"]}

    done = ada.completes(task)

    assert (done.status, done.body["completed_at"]) == (200, "2026-06-01T00:00:00.000Z")
    assert ada.progress(imported["goal_id"])["task_progress"] == 100


def test_an_empty_history_is_a_goal_without_tasks(ada: Person, travel: Travel):
    travel(NOW)

    answer = ada.post("/goals/import", history())

    assert (answer.status, answer.body["tasks"]) == (201, {})


def test_a_task_that_was_added_to_another_import_is_not_known_to_this_one(ada: Person, travel: Travel):
    travel(NOW)
    ada.post("/goals/import", history(ADDED))

    assert ada.post("/goals/import", history(DONE)).fields == ["history.0.task"]


@pytest.mark.parametrize("operation", ["BatchWriteItem", "TransactWriteItems"])
def test_a_broken_import_shows_nothing(operation: str, ada: Person, travel: Travel, monkeypatch: pytest.MonkeyPatch):
    travel(NOW)
    hooks.register(f"before-call.dynamodb.{operation}", power_cut)

    with pytest.raises(KeyboardInterrupt):
        ada.post("/goals/import", history(ADDED, DONE))

    hooks.unregister(f"before-call.dynamodb.{operation}", power_cut)
    assert ada.get("/goals").body["items"] == []
    assert ada.get("/milestone-achievements").body["items"] == []
    assert ada.ask("activeGoalsCount", {}).data == 0


def power_cut(**_: object) -> None:
    raise KeyboardInterrupt
