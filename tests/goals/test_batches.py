"""Batches of messages about goals: each is handled for itself, and what failed comes again."""

import json

import pytest

from tests.aws import hooks
from tests.aws.scheduler import make_surroundings, scheduled, target
from tests.goals.conftest import Travel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.consuming import consume, tell


@pytest.fixture
def marathon(travel: Travel, ada: Person, monkeypatch: pytest.MonkeyPatch) -> str:
    """A goal of Ada's whose schedule is set for the instant at which time carries it over 25 %."""
    make_surroundings(monkeypatch)
    travel("2026-01-10T12:00:00Z")
    goal_id: str = ada.sets_goal(**MARATHON)["goal_id"]
    tell(ada.user_id, goal_id)
    return goal_id


def test_a_message_that_nobody_can_read_holds_up_no_other(marathon: str, travel: Travel):
    message = target(marathon)["Input"]
    travel("2026-01-26T00:00:00Z")
    answer = consume("not JSON", json.dumps({"goal_id": marathon}), message, json.dumps(["goal"]))
    failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    assert failed == ["message-0", "message-1", "message-3"]
    assert scheduled(marathon) == "2026-01-31T00:00:00Z"


def test_what_cannot_be_done_now_is_to_be_tried_again(marathon: str, monkeypatch: pytest.MonkeyPatch):
    message = target(marathon)["Input"]
    monkeypatch.setenv("SCHEDULE_GROUP", "a-group-that-is-not-there")
    answer = consume(message, message)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}, {"itemIdentifier": "message-1"}]}


def test_a_goal_is_read_once_for_all_messages_that_speak_of_it(ada: Person, marathon: str):
    reads: list[str] = []
    hooks.register("before-call.dynamodb.GetItem", lambda model, **_: reads.append(model.name))
    tell(ada.user_id, marathon)
    # Once for the look, once to see that nothing was changed in the meantime.
    alone = len(reads)
    ada.patch(f"/goals/{marathon}", {"title": "Run a marathon, at last"})
    reads.clear()
    tell(ada.user_id, marathon)

    assert alone == len(reads) == 2
