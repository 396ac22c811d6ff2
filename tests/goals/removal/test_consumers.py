"""What is removed in the background: nothing is left of a goal that was deleted, or was never finished."""

import json
import random
from types import SimpleNamespace

import boto3
import pytest

from functions.goals.removal import consumers as removal_consumers
from functions.goals.removal import removals, stream_consumers
from functions.goals.tasks import tasks
from functions.goals.transfer import imports
from shared import pauses
from shared.aws.client import NoAnswer
from shared.storage import attributes, events, table
from shared.storage.attributes import Key
from tests.aws import hooks
from tests.aws.discarded import Kept
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.goals.catalogue import Scene
from tests.goals.conftest import Happened, Stored, Travel
from tests.goals.people import Person
from tests.goals.removals import power_cut

GOAL = "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
OTHER = "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DF"
MALFORMED = [
    {},
    {"PK": {"S": "USER#user_1"}},
    {"PK": {"S": "USER#user_1"}, "SK": {"N": "1"}},
    {"PK": {"S": "TENANT#tenant_1"}, "SK": {"S": f"IMPORT#{GOAL}"}},
    {"PK": {"S": "USER#user_1"}, "SK": {"S": "IMPORT#"}},
    {"PK": {"S": "USER#user_1"}, "SK": {"S": f"IMPORT#{GOAL}#more"}},
    {"PK": "USER#user_1", "SK": f"IMPORT#{GOAL}"},
]


def removal(key: Key, sequence_number: str = "111") -> dict:
    """A record of the stream as Lambda hands it over."""
    return {
        "eventID": f"c4ca4238a0b923820dcc509a6f75849b{sequence_number}",
        "eventName": "REMOVE",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795167000,
            "Keys": attributes.dump_key(key),
            "OldImage": attributes.dump_key(key),
            "SequenceNumber": sequence_number,
            "SizeBytes": 26,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/milepost/stream/2026-11-20T00:00:00.000",
    }


def consume(*records: dict) -> dict:
    return stream_consumers.handler({"Records": list(records)}, Context())


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


def test_the_event_of_the_deletion_asks_for_the_removal(ada: Person, gone: Scene, stored: Stored, happened: Happened):
    event = events.stored(happened(ada, gone.goal_id)[-1])

    answer = removal_consumers.handler(delivered([event]), Context())

    assert event.event_type == "goals.goal.deleted"
    assert answer == {"batchItemFailures": []}
    assert about(gone.goal_id, stored) == []


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


def test_an_import_that_has_ended_is_queued(ada: Person, scene: Scene, stored: Stored, removals_queue: str):
    before = stored()

    answer = consume(removal(imports.key(ada.user_id, scene.goal_id)))

    assert answer == {"batchItemFailures": []}
    assert queued(removals_queue) == [{"owner_id": ada.user_id, "goal_id": scene.goal_id}]
    assert stored() == before


@pytest.mark.parametrize("sort_key", ["GOAL#goal_1", "TASK#goal_1#task_1", "PROFILE", "COUNTS", "GOALSTATUS#a#"])
def test_the_end_of_anything_else_brings_nothing_about(sort_key: str, ada: Person, removals_queue: str):
    answer = consume(removal(Key(f"USER#{ada.user_id}", sort_key)))

    assert answer == {"batchItemFailures": []}
    assert queued(removals_queue) == []


def test_what_a_broken_import_left_is_removed_when_its_stage_expires(
    ada: Person, travel: Travel, stored: Stored, removals_queue: str
):
    task = {"at": "2025-12-01T00:00:00Z", "event": "task_added", "task": "a", "title": "Alpha"}
    sent = {"title": "Python 3.13", "start_at": "2025-12-01T00:00:00Z", "history": [task]}
    hooks.register("before-call.dynamodb.TransactWriteItems", power_cut)
    with pytest.raises(KeyboardInterrupt):
        ada.post("/goals/import", sent)
    hooks.unregister("before-call.dynamodb.TransactWriteItems", power_cut)
    left = {item["entity"]: item for item in stored().values()}
    stage = left["Import"]
    table.delete_many([Key(stage["PK"], stage["SK"])])

    consume(removal(Key(stage["PK"], stage["SK"])))
    answer = removal_consumers.handler(batch(json.dumps(each) for each in queued(removals_queue)), Context())

    assert left["Task"]["SK"].startswith(tasks.prefix(stage["goal_id"]))
    assert stage["ttl"] == 1767225600 + 3600
    assert answer == {"batchItemFailures": []}
    assert about(stage["goal_id"], stored) == []


def test_a_record_that_cannot_be_queued_now_is_to_be_tried_again(ada: Person, removals_queue: str):
    records = [removal(imports.key(ada.user_id, GOAL), "111"), removal(imports.key(ada.user_id, OTHER), "112")]
    hooks.register("before-call.sqs.SendMessage", once(NoAnswer("unreachable")))

    answer = consume(*records)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "111"}]}
    assert queued(removals_queue) == [{"owner_id": ada.user_id, "goal_id": OTHER}]


@pytest.mark.parametrize("keys", MALFORMED)
def test_a_record_that_names_no_import_is_put_aside_and_holds_up_no_other(
    ada: Person, removals_queue: str, kept: Kept, keys: dict
):
    malformed = removal(imports.key(ada.user_id, GOAL), "110")
    malformed["dynamodb"]["Keys"] = keys

    answer = consume(malformed, removal(imports.key(ada.user_id, GOAL), "111"))

    assert answer == {"batchItemFailures": []}
    assert kept() == [malformed]
    assert queued(removals_queue) == [{"owner_id": ada.user_id, "goal_id": GOAL}]


def test_a_batch_that_names_nothing_at_all_is_done(kept: Kept):
    answer = consume({"dynamodb": {}})

    assert answer == {"batchItemFailures": []}
    assert kept() == [{"dynamodb": {}}]


@pytest.mark.parametrize("seed", range(10))
def test_batches_cut_repeated_and_reordered_leave_nothing_and_take_nothing_else(
    ada: Person, stored: Stored, removals_queue: str, kept: Kept, seed: int
):
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    made = [ada.sets_goal()["goal_id"] for _ in range(4)]
    for goal_id in made:
        ada.completes(ada.adds_task(goal_id))
    before = about(made[0], stored)
    for goal_id in made[1:]:
        ada.delete(f"/goals/{goal_id}")
    records = [removal(imports.key(ada.user_id, goal_id), goal_id) for goal_id in made] * 2
    chance.shuffle(records)
    cut = chance.randint(1, len(records) - 1)

    answers = [consume(*records[:cut]), consume(*records[cut:])]
    bodies = [json.dumps(each) for each in queued(removals_queue)]
    answers.append(removal_consumers.handler(batch(bodies), Context()))

    assert answers == [{"batchItemFailures": []}] * 3
    assert [about(goal_id, stored) for goal_id in made] == [before, [], [], []]
    assert kept() == []


def once(error: Exception) -> object:
    errors = [error]

    def fail(**_: object) -> None:
        if errors:
            raise errors.pop()

    return fail
