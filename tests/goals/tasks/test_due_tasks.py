"""An entry for every open task with a due date, whatever happens to the task, and none besides."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.goals import goals
from functions.goals.tasks import due_dates, due_tasks, tasks
from shared import clock
from shared.storage import table
from shared.storage.writes import Put
from tests.aws import hooks
from tests.goals.conftest import Stored
from tests.goals.people import MARATHON, Person
from tests.goals.removals import remove_all

GOAL_ID = "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
IDS = [f"task_01KAFX4B1H6M9P2R5S8T0V3WX{number}" for number in range(3)]
DUE = "2026-01-20T18:00:00Z"


def listed(stored: Stored) -> list[tuple[str, str]]:
    items = [item for item in stored().values() if item.get("entity") == "DueTask"]
    return sorted((item["title"], item["due_at"]) for item in items)


def recounted(stored: Stored) -> list[tuple[str, str]]:
    """Return what the entries have to be, from the tasks themselves."""
    items = [item for item in stored().values() if item.get("entity") == "Task"]
    due = [item for item in items if item["status"] in {"active", "paused"} and "due_at" in item]
    return sorted((item["title"], item["due_at"]) for item in due)


def test_an_open_task_with_a_due_date_has_an_entry(ada: Person, stored: Stored):
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    ada.adds_task(goal_id, title="Some time")
    ada.adds_task(goal_id, title="By then", due_at=DUE)

    assert listed(stored) == [("By then", "2026-01-20T18:00:00.000Z")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": "Run"}, [("Run", "2026-01-20T18:00:00.000Z")]),
        ({"due_at": "2026-01-21T00:00:00Z"}, [("First 20 km run", "2026-01-21T00:00:00.000Z")]),
        ({"due_at": None}, []),
        ({"status": "paused"}, [("First 20 km run", "2026-01-20T18:00:00.000Z")]),
        ({"status": "completed"}, []),
        ({"status": "cancelled"}, []),
        ({"status": "archived"}, []),
    ],
)
def test_the_entry_follows_its_task(change: dict, expected: list, ada: Person, stored: Stored):
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    task = ada.adds_task(goal_id, due_at=DUE)
    ada.patch(f"/goals/{goal_id}/tasks/{task['task_id']}", change)

    assert listed(stored) == expected == recounted(stored)


def test_it_goes_and_comes_with_completing_and_reopening(ada: Person, stored: Stored):
    task = ada.adds_task(ada.sets_goal()["goal_id"], due_at=DUE)
    ada.completes(task)
    completed = listed(stored)
    ada.post(f"/goals/{task['goal_id']}/tasks/{task['task_id']}/reopen")
    reopened = listed(stored)
    ada.delete(f"/goals/{task['goal_id']}/tasks/{task['task_id']}")

    assert (completed, len(reopened), listed(stored)) == ([], 1, [])


def test_what_changes_nothing_of_it_writes_no_entry(ada: Person, writes: list[str]):
    task = ada.adds_task(ada.sets_goal()["goal_id"], due_at=DUE)
    other = ada.adds_task(task["goal_id"])
    writes.clear()
    ada.patch(f"/goals/{task['goal_id']}/tasks/{task['task_id']}", {"weight": 3, "tags": ["long"]})
    ada.completes(other)

    assert [entity for entity in writes if entity == "DueTask"] == []


@pytest.fixture
def writes(aws: None) -> list[str]:
    """The entities that are put."""
    put = list[str]()

    def note(params: dict, **_: object) -> None:
        put.extend(each["Put"]["Item"]["entity"]["S"] for each in params["TransactItems"] if "Put" in each)

    hooks.register("provide-client-params.dynamodb.TransactWriteItems", note)
    return put


def test_tasks_that_are_brought_forward_are_due_earlier_there_too(
    ada: Person, stored: Stored, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(due_dates, "MOST_AT_ONCE", 2)
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    for number in range(5):
        ada.adds_task(goal_id, title=f"Step {number}", due_at=f"2026-01-2{number}T00:00:00Z")
    answer = ada.patch(f"/goals/{goal_id}", {"deadline": "2026-01-20", "clamp_tasks": True})

    assert answer.status == 200
    assert listed(stored) == recounted(stored)
    assert listed(stored)[-1] == ("Step 4", "2026-01-21T00:00:00.000Z")


def test_as_many_as_are_brought_forward_at_once_fit_into_a_transaction(ada: Person, stored: Stored):
    goal_id = ada.sets_goal(**MARATHON, weights={"task": 0, "time": 100})["goal_id"]
    goal = goals.from_item(table.get(goals.key(ada.user_id, goal_id)) or {})
    due_at, now = clock.from_rfc3339("2026-01-29T00:00:00Z"), clock.now()
    many = [
        tasks.Task(
            f"task_{number:026}", goal_id, ada.user_id, ada.user_id, "Step", 1, "active", now, now, 1, (), due_at
        )
        for number in range(due_dates.MOST_AT_ONCE)
    ]
    table.put_many([tasks.to_item(task) for task in many])
    table.put_many([goals.to_item(goal._replace(due_bound=due_at))])
    answer = ada.patch(
        f"/goals/{goal_id}", {"deadline": "2026-01-02", "clamp_tasks": True, "answers": {"firstStep": "Buy shoes."}}
    )

    assert answer.status == 200, answer.body
    assert len(listed(stored)) == due_dates.MOST_AT_ONCE
    assert listed(stored) == recounted(stored)


def test_an_import_brings_the_entries_of_its_tasks(ada: Person, stored: Stored):
    at = "2025-12-01T00:00:00Z"
    added = [
        {"at": at, "event": "task_added", "task": name, "title": f"Release {name}", "due_at": DUE}
        for name in ("alpha", "beta")
    ]
    done = {"at": at, "event": "task_completed", "task": "alpha"}
    ada.post("/goals/import", {"title": "Python 3.13", "start_at": at, "history": [*added, done]})

    assert listed(stored) == recounted(stored) == [("Release beta", "2026-01-20T18:00:00.000Z")]


def test_nothing_is_left_of_them_when_the_goal_is_deleted(ada: Person, stored: Stored):
    goal_id = ada.sets_goal()["goal_id"]
    ada.adds_task(goal_id, due_at=DUE)
    ada.delete(f"/goals/{goal_id}")
    remove_all(ada.user_id, goal_id)

    assert listed(stored) == []


def test_those_of_a_goal_come_soonest_first(ada: Person):
    goal_id = ada.sets_goal()["goal_id"]
    for day in ("2026-03-03", "2026-01-05", "2026-02-02"):
        ada.adds_task(goal_id, title=day, due_at=f"{day}T00:00:00Z")

    found = due_tasks.of_goal(ada.user_id, goal_id, limit=500)

    assert [each.title for each in found] == ["2026-01-05", "2026-02-02", "2026-03-03"]


CHANGES = st.one_of(
    st.fixed_dictionaries({"due_at": st.none() | st.integers(1, 3)}),
    st.fixed_dictionaries({"status": st.sampled_from(["active", "paused", "completed", "cancelled", "archived"])}),
    st.fixed_dictionaries({"title": st.sampled_from(["Run", "Run far"]), "weight": st.integers(1, 2)}),
    st.none(),
)


@given(steps=st.lists(st.tuples(st.sampled_from(IDS), CHANGES)))
def test_the_entries_are_a_recount_of_the_tasks_whatever_happens(steps: list[tuple[str, dict[str, Any] | None]]):
    there, kept = dict[str, tasks.Task](), dict[Any, Any]()
    for task_id, change in steps:
        before = there.pop(task_id, None)
        if change is not None:
            new = tasks.Task(task_id, GOAL_ID, "user_1", "user_1", "Step", 1, "active", 0, 0, 1)
            there[task_id] = (before or new)._replace(**change)
        for write in due_tasks.written(before, there.get(task_id)):
            if isinstance(write, Put):
                kept[write.item["PK"], write.item["SK"]] = write.item
            else:
                kept.pop((write.key.pk, write.key.sk))

        recount = [item for task in there.values() for item in due_tasks.entries(task)]
        assert sorted(kept.values(), key=str) == sorted(recount, key=str)
