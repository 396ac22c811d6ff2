"""An import or a restore that never ended is given up an hour after its beginning, and nothing of it is left."""

import json
import random
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from functions.goals.removal import consumers
from functions.goals.transfer import stages
from infra.commands import migrate
from infra.commands.migrate import Pace
from infra.commands.migrations import STEPS
from shared import clock, ids, pauses
from shared.clock import SECOND
from shared.messaging.timers import SHARDS
from shared.storage import table
from shared.storage.attributes import Key
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.goals.conftest import Stored, Travel
from tests.goals.people import Person
from tests.goals.removals import power_cut
from tests.goals.transfer.carrying import Document, document, original

__all__ = ["document", "original"]

BEGUN, SOON, OVER, LATER = (f"2026-01-25T{time}Z" for time in ("08:00:00", "08:59:59", "09:00:00", "10:00:01"))
TASK = {"at": "2025-12-01T00:00:00Z", "event": "task_added", "task": "a", "title": "Alpha"}
MOVED = {"at": "2025-12-02T00:00:00Z", "event": "deadline_moved", "deadline": "2026-12-31"}
IMPORT = {"title": "Python 3.13", "start_at": "2025-12-01T00:00:00Z"}
HISTORIES = {"a task": [TASK], "a point": [MOVED], "both": [TASK, MOVED], "nothing": []}


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto, which knows how to scan."""


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "time", SimpleNamespace(sleep=lambda _: None, monotonic=lambda: 0.0))


def breaks_off(person: Person, history: list[dict[str, Any]]) -> None:
    """Begin an import whose function dies before the goal appears."""
    with hooks.registered("before-call.dynamodb.TransactWriteItems", power_cut), pytest.raises(KeyboardInterrupt):
        person.post("/goals/import", IMPORT | {"history": history})


def sweep() -> int:
    return sum(consumers.handler({"action": "sweep", "shard": n}, Context())["given_up"] for n in range(SHARDS))


def queued(queue_url: str) -> list[str]:
    """Return the messages on the queue of removals, and leave it empty."""
    found: list[str] = []
    while received := boto3.client("sqs").receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        for message in received:
            boto3.client("sqs").delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        found += [message["Body"] for message in received]
    return found


def removed(queue_url: str) -> int:
    """Handle what is on the queue of removals, and return how many messages that were."""
    bodies = queued(queue_url)
    assert consumers.handler(batch(bodies), Context()) == {"batchItemFailures": []}
    return len(bodies)


def of_goals(stored: Stored) -> dict[Any, Any]:
    kept = {"Event", "Idempotency", "Shape"}
    return {key: item for key, item in stored().items() if item.get("entity") not in kept}


@pytest.mark.parametrize("name", HISTORIES)
def test_an_import_that_broke_off_leaves_nothing(
    name: str, ada: Person, travel: Travel, stored: Stored, removals_queue: str
):
    before = of_goals(stored)
    travel(BEGUN)
    breaks_off(ada, HISTORIES[name])
    left = of_goals(stored)
    travel(SOON)
    early = sweep()
    travel(OVER)
    sent = [sweep(), sweep()]

    assert left.keys() > before.keys()
    assert (early, sent) == (0, [1, 0])
    assert removed(removals_queue) == 1
    assert of_goals(stored) == before


def test_a_restore_that_is_never_finished_leaves_nothing(
    ada: Person, eve: Person, document: Document, travel: Travel, stored: Stored, removals_queue: str
):
    before = of_goals(stored)
    goal_id = eve.post("/goals/restore", document["goal"]).body["goal_id"]
    eve.post(f"/goals/restore/{goal_id}/tasks", {"tasks": document["tasks"]})
    travel(OVER)
    sweep()
    removed(removals_queue)

    assert of_goals(stored) == before


def test_an_import_that_ended_is_not_given_up(ada: Person, travel: Travel, stored: Stored, removals_queue: str):
    travel(BEGUN)
    ada.post("/goals/import", IMPORT | {"history": [TASK, MOVED]})
    before = stored()
    travel(LATER)

    assert sweep() == 0
    assert (queued(removals_queue), stored()) == ([], before)


def test_a_removal_whose_message_was_lost_is_requested_again(
    ada: Person, travel: Travel, stored: Stored, removals_queue: str
):
    before = of_goals(stored)
    travel(BEGUN)
    breaks_off(ada, [TASK])
    travel(OVER)
    sweep()
    lost = queued(removals_queue)
    travel(LATER)

    assert (len(lost), sweep(), removed(removals_queue)) == (1, 1, 1)
    assert of_goals(stored) == before
    assert sweep() == 0


def test_a_removal_that_was_killed_is_requested_again(ada: Person, travel: Travel, stored: Stored, removals_queue: str):
    before = of_goals(stored)
    travel(BEGUN)
    breaks_off(ada, [TASK, MOVED])
    travel(OVER)
    sweep()
    with hooks.registered("before-call.dynamodb.BatchWriteItem", power_cut), pytest.raises(KeyboardInterrupt):
        removed(removals_queue)
    travel(LATER)
    sweep()
    removed(removals_queue)

    assert of_goals(stored) == before


@pytest.mark.parametrize("seed", range(10))
def test_messages_cut_repeated_and_reordered_leave_nothing_and_take_nothing_else(
    ada: Person, travel: Travel, stored: Stored, removals_queue: str, seed: int
):
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    travel(BEGUN)
    kept = ada.post("/goals/import", IMPORT | {"history": [TASK, MOVED]}).body["goal_id"]
    before = of_goals(stored)
    for _ in range(4):
        breaks_off(ada, chance.choice([*HISTORIES.values()]))
    travel(OVER)
    sweep()
    stranger = json.dumps({"owner_id": ada.user_id, "goal_id": kept})
    bodies = [*queued(removals_queue) * 2, stranger]
    chance.shuffle(bodies)
    cut = chance.randint(1, len(bodies) - 1)
    answers = [consumers.handler(batch(part), Context()) for part in (bodies[:cut], bodies[cut:])]

    assert answers == [{"batchItemFailures": []}] * 2
    assert of_goals(stored) == before


def migrated() -> None:
    hooks.forget()
    migrate.run([step for step in STEPS if step.shape == 4], pace=Pace(1_000_000), wait=lambda _: None)


def as_of_before(stored: Stored) -> Key:
    """Write the one stage as earlier versions did, for DynamoDB to remove it, and return its key."""
    (stage,) = [item for item in stored().values() if item.get("entity") == "Import"]
    told = {
        name: stage[name] for name in ("PK", "SK", "entity", "goal_id", "goal", "answers", "version") if name in stage
    }
    table.put_many([told | {"ttl": stage["at"] // SECOND}])
    return Key(stage["PK"], stage["SK"])


@pytest.mark.parametrize("name", HISTORIES)
def test_a_stage_of_an_earlier_version_is_given_up_after_the_migration(
    name: str, ada: Person, travel: Travel, stored: Stored, removals_queue: str
):
    travel(BEGUN)
    before = of_goals(stored)
    breaks_off(ada, HISTORIES[name])
    as_of_before(stored)
    migrated()
    early = sweep()
    travel(OVER)

    assert (early, sweep(), removed(removals_queue)) == (0, 1, 1)
    assert of_goals(stored) == before


@pytest.mark.parametrize("name", ["a task", "a point", "both"])
def test_what_a_stage_left_that_dynamodb_removed_before_the_migration_is_removed(
    name: str, ada: Person, travel: Travel, stored: Stored, removals_queue: str
):
    travel(BEGUN)
    ada.post("/goals/import", IMPORT | {"history": [TASK, MOVED]})
    before = of_goals(stored)
    breaks_off(ada, HISTORIES[name])
    table.delete_many([as_of_before(stored)])
    migrated()

    assert (sweep(), removed(removals_queue)) == (1, 1)
    assert of_goals(stored) == before


def test_a_restore_begun_before_the_migration_goes_on_through_it(
    eve: Person, document: Document, stored: Stored, removals_queue: str, travel: Travel
):
    goal_id = eve.post("/goals/restore", document["goal"]).body["goal_id"]
    as_of_before(stored)
    place = f"/goals/restore/{goal_id}"
    first, rest = document["tasks"][:1], document["tasks"][1:]
    eve.post(f"{place}/tasks", {"tasks": first})
    migrated()
    eve.post(f"{place}/tasks", {"tasks": rest})

    assert eve.post(f"{place}/finish", {"task_count": 4}).status == 201
    travel(LATER)
    assert sweep() == 0


def test_a_goal_that_appears_while_the_migration_looks_keeps_all_and_loses_its_stage(
    ada: Person, travel: Travel, stored: Stored, removals_queue: str
):
    travel(BEGUN)
    goal_id = ada.post("/goals/import", IMPORT | {"history": [TASK]}).body["goal_id"]
    before = of_goals(stored)
    table.put_many([stages.to_item(ada.user_id, goal_id, clock.now())])

    assert (sweep(), removed(removals_queue), sweep()) == (1, 1, 0)
    assert of_goals(stored) == before


def test_what_is_no_goal_of_anybody_is_not_removed(ada: Person, removals_queue: str):
    table.put_many([stages.to_item("somebody", ids.new("goal"), clock.now())])
    sweep()
    answer = consumers.handler(batch(queued(removals_queue)), Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
