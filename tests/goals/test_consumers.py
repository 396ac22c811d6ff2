"""What the table's stream brings about: nothing is left of a goal that is gone, or was never finished."""

import pytest

from functions.goals import consumers, goals, imports, tasks
from shared import attributes, table
from shared.attributes import Key
from tests.doors import Context
from tests.goals.catalogue import Scene
from tests.goals.conftest import Stored, Travel
from tests.goals.people import Person


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
    return consumers.handler({"Records": list(records)}, Context())


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

    answer = consume(removal(goals.key(ada.user_id, gone.goal_id)))

    assert answer == {"batchItemFailures": []}
    assert before != []
    assert about(gone.goal_id, stored) == []


def test_other_goals_keep_all_they_have(ada: Person, gone: Scene, stored: Stored):
    kept = ada.sets_goal(answers={"firstStep": "Buy shoes."})["goal_id"]
    ada.completes(ada.adds_task(kept))
    before = about(kept, stored)

    consume(removal(goals.key(ada.user_id, gone.goal_id)))

    assert about(kept, stored) == before


def test_a_record_that_comes_twice_finds_nothing_to_do(ada: Person, gone: Scene, stored: Stored):
    record = removal(goals.key(ada.user_id, gone.goal_id))
    consume(record)
    before = stored()

    answer = consume(record, removal(goals.key(ada.user_id, gone.goal_id), "112"))

    assert answer == {"batchItemFailures": []}
    assert stored() == before


def test_a_goal_that_is_there_keeps_all_it_has(ada: Person, scene: Scene, stored: Stored):
    before = stored()

    consume(removal(goals.key(ada.user_id, scene.goal_id)), removal(imports.key(ada.user_id, scene.goal_id)))

    assert stored() == before


@pytest.mark.parametrize("sort_key", ["TASK#goal_1#task_1", "SHARE#goal_1", "PROFILE", "COUNTS", "GOALSTATUS#active#"])
def test_the_removal_of_anything_else_brings_nothing_about(sort_key: str, ada: Person, scene: Scene, stored: Stored):
    before = stored()

    answer = consume(removal(Key(f"USER#{ada.user_id}", sort_key)))

    assert answer == {"batchItemFailures": []}
    assert stored() == before


def test_what_a_broken_import_left_is_removed_when_its_stage_expires(
    ada: Person, travel: Travel, stored: Stored, monkeypatch: pytest.MonkeyPatch
):
    task = {"at": "2025-12-01T00:00:00Z", "event": "task_added", "task": "a", "title": "Alpha"}
    sent = {"title": "Python 3.13", "start_at": "2025-12-01T00:00:00Z", "history": [task]}
    client = table.client()
    client.meta.events.register("before-call.dynamodb.TransactWriteItems", power_cut)
    with pytest.raises(KeyboardInterrupt):
        ada.post("/goals/import", sent)
    client.meta.events.unregister("before-call.dynamodb.TransactWriteItems", power_cut)
    left = {item["entity"]: item for item in stored().values()}
    stage = left["Import"]
    table.delete_many([Key(stage["PK"], stage["SK"])])

    answer = consume(removal(Key(stage["PK"], stage["SK"])))

    assert left["Task"]["SK"].startswith(tasks.prefix(stage["goal_id"]))
    assert stage["ttl"] == 1767225600 + 3600
    assert answer == {"batchItemFailures": []}
    assert about(stage["goal_id"], stored) == []


def power_cut(**_: object) -> None:
    raise KeyboardInterrupt


def test_a_record_that_cannot_be_handled_now_is_to_be_tried_again(ada: Person, gone: Scene):
    records = [removal(goals.key(ada.user_id, gone.goal_id), number) for number in ("111", "112")]
    table.client().meta.events.register("before-call.dynamodb.Query", once(ConnectionError("cut")))

    answer = consume(*records)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "111"}]}


def once(error: Exception) -> object:
    errors = [error]

    def fail(**_: object) -> None:
        if errors:
            raise errors.pop()

    return fail
