"""Many at once: what DynamoDB's conditions and our transactions make of them, on two tables that are not kind."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest

from functions.goals import achievements, goals, reading
from functions.goals import lifecycle as goal_lifecycle
from functions.goals.goals import GoalNotFound
from functions.goals.shapes import GoalDraft, GoalPatch, ShareDraft, TaskDraft
from functions.goals.sharing import shares
from functions.goals.tasks import lifecycle as task_lifecycle
from functions.goals.tasks import tasks
from shared import ids
from shared.callers import auth
from shared.callers.auth import Caller
from shared.errors import Refusal
from shared.storage import changes, events, idempotency, table
from shared.storage.idempotency import Claim
from shared.storage.versions import VersionChanged
from tests.aws.races import at_once
from tests.aws.stack import server, table_at, table_on_locked_moto
from tests.goals.removals import remove_all


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("stack")) as address:
        yield address


@pytest.fixture(params=["moto", "ministack"], autouse=True)
def _table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # On moto, 32 threads stand in one queue; what is proved here is that nothing is lost, not that it is fast.
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    on_moto = request.param == "moto"
    with table_on_locked_moto() if on_moto else table_at(request.getfixturevalue("endpoint")):
        yield


@pytest.fixture
def ada() -> Caller:
    return newcomer(ids.new("tenant"))


def newcomer(tenant_id: str) -> Caller:
    user_id = ids.new("user")
    pk, sk = auth.membership_key(tenant_id, user_id)
    table.put_many([{"PK": pk, "SK": sk, "entity": "Member", "role": "member"}])
    return Caller(user_id, tenant_id, ("owner",), frozenset({"goals:read", "goals:write"}), None, ("pwd",), None)


def goal_with_tasks(caller: Caller, count: int) -> tuple[str, list[str]]:
    goal_id = goal_lifecycle.create(caller, GoalDraft(title="Run a marathon"))["goal_id"]
    drafts = [TaskDraft(title=f"Run {number}", weight=number) for number in range(1, count + 1)]
    return goal_id, [task_lifecycle.add(caller, goal_id, draft)["task_id"] for draft in drafts]


def stored(caller: Caller, goal_id: str) -> goals.Goal:
    item = table.get(goals.key(caller.user_id, goal_id), consistent=True)
    assert item is not None
    return goals.from_item(item)


def happened(caller: Caller, goal_id: str) -> list[dict[str, Any]]:
    return list(table.query_all(f"USER#{caller.user_id}", events.prefix(goal_id)))


def claimed(caller: Caller, request: str) -> Claim:
    partition = goals.partition(caller.user_id)
    return idempotency.claim(partition=partition, idempotency_key="once", operation="POST", request=request)


def test_32_threads_completing_32_tasks_lose_none_and_announce_each_threshold_once(ada: Caller) -> None:
    goal_id, task_ids = goal_with_tasks(ada, 32)

    answers = at_once(*(partial(task_lifecycle.complete, ada, goal_id, task_id) for task_id in task_ids))

    goal = stored(ada, goal_id)
    recorded = list(table.query_all(f"USER#{ada.user_id}", achievements.prefix(goal_id)))
    kinds = Counter(event["event_type"] for event in happened(ada, goal_id))
    announced = [event for event in happened(ada, goal_id) if event["event_type"] == "goals.milestone.achieved"]
    assert [(answer["task_id"], answer["status"]) for answer in answers] == [(id_, "completed") for id_ in task_ids]
    assert (goal.ledger.completed_tasks, goal.ledger.total_tasks) == (32, 32)
    assert (goal.ledger.done_weight, goal.ledger.counted_weight) == (528, 528)
    assert (goal.version, kinds["goals.task.completed"], kinds["goals.milestone.lost"]) == (1 + 32 + 32, 32, 0)
    assert sorted(item["percentage"] for item in recorded) == [25, 50, 75, 100]
    assert sorted(event["data"]["percentage"] for event in announced) == [25, 50, 75, 100]
    assert sorted(goal.ledger.first) == list(goal.ledger.first)
    assert reading.goal_progress(ada, goal_id, consistent=True)["progress_percentage"] == 100.0


def test_one_task_completed_by_16_threads_is_completed_once(ada: Caller) -> None:
    goal_id, (task_id, _) = goal_with_tasks(ada, 2)

    answers = at_once(*[partial(task_lifecycle.complete, ada, goal_id, task_id)] * 16)

    kinds = Counter(event["event_type"] for event in happened(ada, goal_id))
    assert {(answer["status"], answer["version"]) for answer in answers} == {("completed", 2)}
    assert stored(ada, goal_id).ledger.completed_tasks == 1
    assert kinds["goals.task.completed"] == 1


def test_16_clients_with_one_key_set_one_goal(ada: Caller) -> None:
    draft = GoalDraft(title="Run a marathon", deadline="2030-09-26")

    answers = at_once(*[partial(goal_lifecycle.create, ada, draft, claim=claimed(ada, "goal"))] * 16)

    assert answers == answers[:1] * 16
    assert [goal.goal_id for goal in goals.page(ada.user_id, limit=20, cursor=None)[0]] == [answers[0]["goal_id"]]
    assert goals.counts(ada.user_id)["active"] == 1


def test_16_clients_with_one_key_add_one_task(ada: Caller) -> None:
    goal_id, _ = goal_with_tasks(ada, 1)
    draft = TaskDraft(title="Rest", weight=3)

    answers = at_once(*[partial(task_lifecycle.add, ada, goal_id, draft, claim=claimed(ada, "task"))] * 16)

    assert answers == answers[:1] * 16
    assert len(tasks.page(ada, goal_id, limit=20, cursor=None)[0]) == 2
    assert stored(ada, goal_id).ledger.counted_weight == 4


def test_16_clients_with_one_key_complete_one_goal(ada: Caller) -> None:
    goal_id, _ = goal_with_tasks(ada, 1)

    answers = at_once(
        *[partial(goal_lifecycle.transition, ada, goal_id, "complete", claim=claimed(ada, "complete"))] * 16
    )

    kinds = Counter(event["event_type"] for event in happened(ada, goal_id))
    assert answers == answers[:1] * 16
    assert answers[0]["status"] == "completed"
    assert (kinds["goals.goal.completed"], kinds["goals.milestone.achieved"]) == (1, 4)
    assert goals.counts(ada.user_id)["active"] == 0


def test_of_two_patches_of_one_version_one_is_stale(ada: Caller) -> None:
    goal_id, _ = goal_with_tasks(ada, 0)
    patches = [GoalPatch(title="Run far"), GoalPatch(title="Run fast")]

    answers = at_once(*(partial(goal_lifecycle.patch, ada, goal_id, sent, if_match='"1"') for sent in patches))

    (stale,) = [answer for answer in answers if isinstance(answer, VersionChanged)]
    (done,) = [answer for answer in answers if answer is not stale]
    assert (stored(ada, goal_id).version, stored(ada, goal_id).title) == (2, done["title"])
    assert stale.status == 412


def test_a_goal_deleted_while_others_add_tasks_stays_deleted(ada: Caller) -> None:
    goal_id, _ = goal_with_tasks(ada, 2)
    adding: Sequence[Callable[[], Any]] = [
        partial(task_lifecycle.add, ada, goal_id, TaskDraft(title=f"Rest {number}")) for number in range(8)
    ]

    answers = at_once(partial(goal_lifecycle.delete, ada, goal_id), *adding)
    remove_all(ada.user_id, goal_id)

    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert answers[0] is None
    assert all(isinstance(refusal, GoalNotFound) for refusal in refused)
    assert [sk for sk in left_of(ada) if goal_id in sk] == []


def test_a_share_given_while_its_goal_is_deleted_opens_nothing(ada: Caller) -> None:
    goal_id, _ = goal_with_tasks(ada, 0)
    bob = newcomer(ada.tenant_id)
    draft = ShareDraft(role="viewer")

    at_once(
        partial(goal_lifecycle.delete, ada, goal_id),
        *[partial(shares.give, ada, goal_id, bob.user_id, draft)] * 4,
    )
    remove_all(ada.user_id, goal_id)

    assert [sk for caller in (ada, bob) for sk in left_of(caller) if goal_id in sk] == []


def left_of(caller: Caller) -> list[str]:
    """Return the sort keys of everything in somebody's partition but the idempotency keys."""
    kinds = ("ANSWERS#", "COUNTS", "EVENT#", "GOAL", "IMPORT#", "MILESTONE#", "SHARE#", "TASK#")
    return [item["SK"] for kind in kinds for item in table.query_all(f"USER#{caller.user_id}", kind)]
