"""Exporting a goal and restoring it elsewhere: everything is as it was, and no lie comes in."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from moto.dynamodb.models.table import StreamShard

from functions.goals import reading
from functions.goals.charts import charts
from functions.goals.shapes import GoalImport
from functions.goals.transfer import exports, restores
from functions.goals.transfer.shapes import GoalRestore, TasksRestore
from shared import ids
from shared.callers.auth import Caller
from tests.goals.catalogue import example
from tests.goals.conftest import Stored, Travel
from tests.goals.histories import HISTORIES, Operations
from tests.goals.people import Person
from tests.goals.removals import remove_all
from tests.goals.transfer.carrying import Document, document, original, sends
from tests.soaking import histories, soaks

__all__ = ["document", "original"]


def somebody() -> Caller:
    return Caller(ids.new("user"), ids.new("tenant"), (), frozenset(), None, (), None)


def exported(caller: Caller, goal_id: str) -> tuple[Document, list[Document]]:
    page = exports.page(caller, goal_id, limit=2, cursor=None)
    goal, tasks = page["goal"], page["tasks"]
    while page["next_cursor"]:
        page = exports.page(caller, goal_id, limit=2, cursor=page["next_cursor"])
        tasks += page["tasks"]
    return goal, tasks


def restored(caller: Caller, goal: Document, tasks: list[Document]) -> str:
    goal_id = str(restores.begin(caller, GoalRestore.model_validate(goal))["goal_id"])
    for begin in range(0, len(tasks), 3):
        sent = TasksRestore.model_validate({"tasks": tasks[begin : begin + 3]})
        restores.add_tasks(caller, goal_id, sent)
    restores.finish(caller, goal_id, task_count=len(tasks))
    return goal_id


def without_ids(value: Any) -> Any:
    """Return the value without what is another elsewhere: ids, and titles of the past."""
    if isinstance(value, list | tuple):
        return [without_ids(each) for each in value]
    if isinstance(value, dict):
        left_out = {"id", "goal_id", "owner_id", "task_id", "milestone_id", "version", "goal_title"}
        return {name: without_ids(each) for name, each in value.items() if name not in left_out}
    return value


def seen(caller: Caller, goal_id: str) -> Any:
    """Return everything that a reader sees of a goal, and its export."""
    achieved = sorted(reading.list_achievements(caller, limit=20, cursor=None)[0], key=lambda each: each["percentage"])
    progress = reading.goal_progress(caller, goal_id)
    chart = charts.read(caller, goal_id)
    return without_ids([progress, chart, reading.goal(caller, goal_id), exported(caller, goal_id), achieved])


class Carried(Operations):
    """A goal of which anything may have happened, and that is carried to another account in the end."""

    def teardown(self) -> None:
        self.retitle(title="Run elsewhere")
        other = somebody()
        goal_id = restored(other, *exported(self.caller, self.goal_id))

        assert seen(other, goal_id) == seen(self.caller, self.goal_id)
        super().teardown()


@soaks
def test_a_goal_is_the_same_elsewhere_whatever_has_happened_to_it(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # moto would copy all records of the stream in every transaction.
    monkeypatch.setattr(StreamShard, "add", lambda *_: None)

    run_state_machine_as_test(
        Carried, settings=settings(HISTORIES, max_examples=histories(5, soaking=12), stateful_step_count=12)
    )


def test_over_rest_a_stranger_restores_what_the_owner_exports(ada: Person, eve: Person, document: Document):
    goal_id = sends(eve, document).body["goal_id"]
    theirs = eve.get(f"/goals/{goal_id}/export").body

    assert without_ids(theirs) == without_ids(document)
    assert [task["created_by"] for task in eve.get(f"/goals/{goal_id}/tasks").body["items"]] == [eve.user_id] * 4
    assert eve.get(f"/goals/{goal_id}").body["owner_id"] == eve.user_id


def test_a_goal_that_was_imported_is_the_same_elsewhere(ada: Person, eve: Person):
    imported = ada.post("/goals/import", example(GoalImport)).body["goal_id"]
    document = ada.get(f"/goals/{imported}/export").body
    goal_id = sends(eve, document).body["goal_id"]

    assert without_ids(eve.get(f"/goals/{goal_id}/export").body) == without_ids(document)


def test_over_graphql_it_is_the_same(ada: Person, eve: Person, original: str):
    document = ada.ask("goalExport", {"goalId": original}).data
    begun = eve.ask("beginRestore", {"input": document["goal"]}).data
    place = {"goalId": begun["goalId"]}
    eve.ask("restoreTasks", {**place, "input": {"tasks": document["tasks"]}})
    finished = eve.ask("finishRestore", {**place, "input": {"taskCount": len(document["tasks"])}}).data

    assert finished["progress"]["completedTasks"] == 1
    assert eve.ask("goalExport", place).data["goal"] == document["goal"]


def test_nobody_sees_a_goal_before_it_is_finished(eve: Person, document: Document):
    goal_id = eve.post("/goals/restore", document["goal"]).body["goal_id"]
    eve.post(f"/goals/restore/{goal_id}/tasks", {"tasks": document["tasks"]})

    assert eve.get("/goals").body["items"] == []
    assert eve.get(f"/goals/{goal_id}").code == eve.get(f"/goals/{goal_id}/tasks").code == "GoalNotFound"


def test_what_is_sent_twice_has_one_effect(eve: Person, document: Document, stored: Stored):
    begun = [eve.post("/goals/restore", document["goal"], key="begin").body for _ in range(2)]
    place = f"/goals/restore/{begun[0]['goal_id']}"
    tasks = [eve.post(f"{place}/tasks", {"tasks": document["tasks"]}).body for _ in range(2)]
    finished = [eve.post(f"{place}/finish", {"task_count": 4}, key="finish").body for _ in range(2)]
    after = stored()
    late = eve.post("/goals/restore", document["goal"], key="begin").body

    assert begun[0] == begun[1] == late
    assert tasks[0] == tasks[1]
    assert finished[0] == finished[1]
    assert len(eve.get("/goals").body["items"]) == 1
    assert stored() == after


def test_a_restore_that_is_finished_takes_nothing_more(eve: Person, document: Document):
    place = f"/goals/restore/{sends(eve, document).body['goal_id']}"

    assert eve.post(f"{place}/tasks", {"tasks": document["tasks"]}).code == "GoalNotFound"
    assert eve.post(f"{place}/finish", {"task_count": 4}).code == "GoalNotFound"


def test_a_restore_belongs_to_who_began_it(ada: Person, eve: Person, document: Document):
    place = f"/goals/restore/{eve.post('/goals/restore', document['goal']).body['goal_id']}"

    assert ada.post(f"{place}/tasks", {"tasks": document["tasks"]}).code == "GoalNotFound"
    assert ada.post(f"{place}/finish", {"task_count": 0}).code == "GoalNotFound"


def test_a_restore_that_is_never_finished_leaves_nothing(
    eve: Person, document: Document, stored: Stored, travel: Travel
):
    before = stored().keys()
    goal_id = eve.post("/goals/restore", document["goal"]).body["goal_id"]
    place = f"/goals/restore/{goal_id}"
    eve.post(f"{place}/tasks", {"tasks": document["tasks"]})
    travel("2026-01-25T08:59:30Z")
    assert eve.post(f"{place}/finish", {"task_count": 4}).code == "GoalNotFound"
    remove_all(eve.user_id, goal_id)

    assert stored().keys() == before


def test_only_the_owner_exports(ada: Person, bob: Person, eve: Person, original: str):
    ada.put(f"/goals/{original}/shares/{bob.user_id}", {"role": "contributor"})

    assert bob.get(f"/goals/{original}/export").code == "NotYours"
    assert eve.get(f"/goals/{original}/export").code == "GoalNotFound"


def test_an_export_tells_when_the_goal_changed_meanwhile(ada: Person, original: str):
    first = ada.get(f"/goals/{original}/export", "limit=2").body
    ada.adds_task(original)
    second = ada.get(f"/goals/{original}/export", f"limit=2&cursor={first['next_cursor']}").body

    assert second["goal"] is None
    assert second["version"] == first["version"] + 1
