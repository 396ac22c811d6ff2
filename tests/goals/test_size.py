"""A goal with 10,000 tasks: its size does not show in what it costs, and nothing of it stays behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from functions.goals import goals, progress, reading
from functions.goals import lifecycle as goal_lifecycle
from functions.goals.goals import Goal, GoalNotFound
from functions.goals.shapes import GoalDraft, ShareDraft, TaskDraft
from functions.goals.sharing import shares
from functions.goals.tasks import lifecycle as task_lifecycle
from functions.goals.tasks import tasks
from functions.goals.tasks.tasks import Task
from shared import ids
from shared.callers import auth
from shared.callers.auth import Caller
from shared.storage import table
from tests.aws import hooks
from tests.aws.quick.table import QuickTable
from tests.goals.removals import remove_all

TASKS = 10_000
KINDS = ("ANSWERS#", "COUNTS", "EVENT#", "GOAL", "IMPORT#", "MILESTONE#", "SHARE#", "TASK#")


@dataclass(frozen=True)
class Grown:
    """A goal of 10,000 tasks, every third of them open, and a small one beside it."""

    ada: Caller
    goal_id: str
    task_ids: list[str]
    other_id: str

    def others(self) -> list[dict[str, Any]]:
        """Return the items of the small goal."""
        return [item for item in everything_of(self.ada) if self.other_id in item["SK"]]


@pytest.fixture(scope="module", autouse=True)
def _table() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TABLE_NAME", "milepost")
        QuickTable().stand_in()
        yield
        hooks.forget()


@pytest.fixture(scope="module")
def grown(_table: None) -> Grown:
    ada = Caller(ids.new("user"), ids.new("tenant"), (), frozenset(), None, (), None)
    goal_id = goal_lifecycle.create(ada, GoalDraft(title="Run around the world"))["goal_id"]
    other_id = goal_lifecycle.create(ada, GoalDraft(title="Run a marathon"))["goal_id"]
    task_lifecycle.add(ada, other_id, TaskDraft(title="First 20 km run"))
    goal = stored(ada, goal_id)
    added = [a_task(goal, number) for number in range(TASKS)]
    completed = [task for task in added if task.status == "completed"]
    ledger = progress.change(
        goal.ledger,
        goal.ledger.changed_at,
        done_weight=len(completed),
        counted_weight=TASKS,
        completed_tasks=len(completed),
        total_tasks=TASKS,
    )
    table.put_many([tasks.to_item(task) for task in added])
    table.put_many([goals.to_item(goal._replace(ledger=ledger))])
    return Grown(ada, goal_id, [task.task_id for task in added], other_id)


def a_task(goal: Goal, number: int) -> Task:
    at = goal.created_at + number
    completed = number % 3 != 0
    return Task(
        task_id=ids.new("task", at=at),
        goal_id=goal.goal_id,
        owner_id=goal.owner_id,
        created_by=goal.owner_id,
        title=f"Kilometre {number}",
        weight=1,
        status="completed" if completed else "active",
        created_at=at,
        updated_at=at,
        version=1,
        completed_at=at if completed else None,
    )


def stored(caller: Caller, goal_id: str) -> Goal:
    item = table.get(goals.key(caller.user_id, goal_id), consistent=True)
    assert item is not None
    return goals.from_item(item)


def everything_of(caller: Caller) -> list[dict[str, Any]]:
    return [item for kind in KINDS for item in table.query_all(f"USER#{caller.user_id}", kind)]


@pytest.fixture
def calls() -> Iterator[list[str]]:
    """The DynamoDB operations called, in order."""
    called: list[str] = []
    heard = lambda model, **_: called.append(model.name)  # noqa: E731 - to be unregistered it needs a name
    hooks.register("before-call.dynamodb", heard)
    yield called
    hooks.unregister("before-call.dynamodb", heard)


def test_every_task_stands_on_one_page(grown: Grown) -> None:
    listed: list[str] = []
    cursor = None
    for _ in range(TASKS // 500):
        page, cursor = tasks.page(grown.ada, grown.goal_id, limit=500, cursor=cursor)
        listed += [task["task_id"] for task in page]

    assert cursor is None
    assert listed == grown.task_ids


def test_its_progress_is_one_read_and_completing_a_task_one_more_and_a_transaction(
    grown: Grown, calls: list[str]
) -> None:
    before = reading.goal_progress(grown.ada, grown.goal_id)
    task_lifecycle.complete(grown.ada, grown.goal_id, grown.task_ids[0])
    after = reading.goal_progress(grown.ada, grown.goal_id)

    assert calls == ["GetItem", "BatchGetItem", "TransactWriteItems", "GetItem"]
    assert (before["completed_tasks"], before["total_tasks"], before["progress_percentage"]) == (6666, TASKS, 66.66)
    assert (after["completed_tasks"], after["total_tasks"], after["progress_percentage"]) == (6667, TASKS, 66.67)
    assert [milestone["achieved"] for milestone in after["milestones"]] == [True, True, False, False]


def test_nothing_of_it_is_left_when_it_is_deleted(grown: Grown) -> None:
    bob = Caller(ids.new("user"), grown.ada.tenant_id, (), frozenset(), None, (), None)
    member = auth.membership_key(bob.tenant_id, bob.user_id)
    table.put_many([{"PK": member.pk, "SK": member.sk, "entity": "Member"}])
    shares.give(grown.ada, grown.goal_id, bob.user_id, ShareDraft(role="viewer"))
    others = grown.others()

    goal_lifecycle.delete(grown.ada, grown.goal_id)
    with pytest.raises(GoalNotFound):
        reading.goal_progress(grown.ada, grown.goal_id, consistent=True)
    parts = remove_all(grown.ada.user_id, grown.goal_id)

    assert parts > 1
    left = [*everything_of(grown.ada), *everything_of(bob)]
    assert [item["SK"] for item in left if grown.goal_id in str(item)] == []
    assert grown.others() == others
    assert len(others) == 5


def test_a_removal_that_broke_off_is_finished_by_the_next(grown: Grown, breaking_off: list[int]) -> None:
    gone = stored(grown.ada, grown.other_id)._replace(goal_id=ids.new("goal"))
    table.put_many([tasks.to_item(a_task(gone, number)) for number in range(1200)])
    breaking_off.append(30)
    with pytest.raises(ConnectionError):
        remove_all(grown.ada.user_id, gone.goal_id)
    remained = len(tasks_of(gone))

    remove_all(grown.ada.user_id, gone.goal_id)

    assert 0 < remained < 1200
    assert tasks_of(gone) == []


def tasks_of(goal: Goal) -> list[dict[str, Any]]:
    return list(table.query_all(goal.partition, tasks.prefix(goal.goal_id)))


@pytest.fixture
def breaking_off() -> Iterator[list[int]]:
    """Numbers of calls of BatchWriteItem after which the connection breaks, once each."""
    after: list[int] = []

    def count(**_: object) -> None:
        after[:] = [left - 1 for left in after]
        if 0 in after:
            after.remove(0)
            raise ConnectionError

    hooks.register("before-call.dynamodb.BatchWriteItem", count)
    yield after
    hooks.unregister("before-call.dynamodb.BatchWriteItem", count)
