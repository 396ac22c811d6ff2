"""What is removed in the background: nothing is left of a goal that was deleted, or was never finished."""

import json
from types import SimpleNamespace

import boto3
import pytest

from functions.goals.removal import consumers as removal_consumers
from functions.goals.removal import removals
from functions.goals.tasks import tasks
from shared import pauses
from shared.storage import events, table
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.goals.catalogue import Scene
from tests.goals.conftest import Happened, Stored
from tests.goals.people import Person

GOAL = "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"


def remove(owner_id: str, *goal_ids: str) -> dict:
    """Hand the messages over that ask for the removal of goals."""
    bodies = [json.dumps({"owner_id": owner_id, "goal_id": goal_id}) for goal_id in goal_ids]
    return removal_consumers.handler(batch(bodies), Context())


def queued(queue_url: str) -> list[dict]:
    """Return what has been put on the queue of removals, and leave it empty."""
    found = boto3.client("sqs").receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        boto3.client("sqs").delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that moves only in pauses, and how long these were."""
    made: list[float] = []
    monkeypatch.setattr(pauses, "time", SimpleNamespace(sleep=made.append, monotonic=lambda: sum(made)))
    return made


def about(goal_id: str, stored: Stored) -> list[str]:
    return [item["SK"] for item in stored().values() if goal_id in str(item) and item["entity"] != "Idempotency"]


@pytest.fixture
def gone(ada: Person, scene: Scene) -> Scene:
    """A goal with answers, tasks, achievements and a share, deleted a moment ago."""
    ada.patch(f"/goals/{scene.goal_id}", {"answers": {"firstStep": "Buy shoes."}})
    ada.post(f"/goals/{scene.goal_id}/tasks/{scene.task_id}/complete")
    ada.adds_task(scene.goal_id)
    ada.delete(f"/goals/{scene.goal_id}")
    return scene


def test_nothing_is_left_of_a_deleted_goal(ada: Person, gone: Scene, stored: Stored):
    before = about(gone.goal_id, stored)

    answer = remove(ada.user_id, gone.goal_id)

    assert answer == {"batchItemFailures": []}
    assert before != []
    assert about(gone.goal_id, stored) == []


def test_the_event_of_the_deletion_asks_for_the_removal(
    ada: Person, gone: Scene, stored: Stored, happened: Happened, search_feed: str
):
    event = events.stored(happened(ada, gone.goal_id)[-1])
    tasks_of = [key[1].rpartition("#")[2] for key in stored() if key[1].startswith(tasks.prefix(gone.goal_id))]

    answer = removal_consumers.handler(delivered([event]), Context())

    assert event.event_type == "goals.goal.deleted"
    assert answer == {"batchItemFailures": []}
    assert about(gone.goal_id, stored) == []
    assert [(each["ref"], each["content"]) for each in queued(search_feed)] == [(each, None) for each in tasks_of]


def test_other_goals_keep_all_they_have(ada: Person, gone: Scene, stored: Stored):
    kept = ada.sets_goal(answers={"firstStep": "Buy shoes."})["goal_id"]
    ada.completes(ada.adds_task(kept))
    before = about(kept, stored)

    remove(ada.user_id, gone.goal_id)

    assert about(kept, stored) == before


def test_a_message_that_comes_twice_finds_nothing_to_do(ada: Person, gone: Scene, stored: Stored):
    remove(ada.user_id, gone.goal_id)
    before = stored()

    answer = remove(ada.user_id, gone.goal_id, gone.goal_id)

    assert answer == {"batchItemFailures": []}
    assert stored() == before


def test_a_goal_that_exists_keeps_all_it_has(ada: Person, scene: Scene, stored: Stored):
    before = stored()

    remove(ada.user_id, scene.goal_id)

    assert stored() == before


def test_a_large_goal_goes_in_parts_at_500_write_units_a_second(
    ada: Person, gone: Scene, stored: Stored, slept: list[float], removals_queue: str
):
    item = {"PK": f"USER#{ada.user_id}", "GSI1PK": f"USER#{ada.user_id}", "entity": "Task", "text": "x" * 1500}
    keys = [f"{tasks.prefix(gone.goal_id)}{number:04}" for number in range(1300)]
    table.put_many([{**item, "SK": key, "GSI1SK": key} for key in keys])

    parts = [remove(ada.user_id, gone.goal_id)]
    left = len(about(gone.goal_id, stored))
    took = sum(slept)
    asked = queued(removals_queue)
    parts.append(removal_consumers.handler(batch([json.dumps(asked[0])]), Context()))

    assert parts == [{"batchItemFailures": []}] * 2
    # Two KB and their entry in the index are four write units.
    assert left >= 1300 - removals.UNITS_A_PART // 4 > 0
    assert took == pytest.approx(removals.UNITS_A_PART / 500, rel=0.01)
    assert asked == [{"owner_id": ada.user_id, "goal_id": gone.goal_id}]
    assert about(gone.goal_id, stored) == []
    assert queued(removals_queue) == []


def test_a_removal_that_broke_off_goes_on_with_the_next_message(ada: Person, gone: Scene, stored: Stored):
    hooks.register("before-call.dynamodb.BatchWriteItem", once(ConnectionError("cut")))

    failed, again = remove(ada.user_id, gone.goal_id), remove(ada.user_id, gone.goal_id)

    assert failed == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert again == {"batchItemFailures": []}
    assert about(gone.goal_id, stored) == []


IMPOSSIBLE = [f'{{"owner_id": {owner}, "goal_id": "{GOAL}"}}' for owner in ("null", '"somebody"')]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"owner_id": "user_1"}', '{"detail": {}}', *IMPOSSIBLE])
def test_a_message_that_names_no_goal_ends_with_the_dead_letters(body: str, ada: Person, gone: Scene, stored: Stored):
    whole = json.dumps({"owner_id": ada.user_id, "goal_id": gone.goal_id})

    answer = removal_consumers.handler(batch([body, whole]), Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert about(gone.goal_id, stored) == []


def once(error: Exception) -> object:
    errors = [error]

    def fail(**_: object) -> None:
        if errors:
            raise errors.pop()

    return fail
