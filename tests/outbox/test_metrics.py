"""What the outbox counts of events on their way to the bus."""

import importlib
from typing import Any, get_args, get_type_hints

import boto3
import pytest
import time_machine

from functions.identity.audit.failures import Failure
from functions.outbox import consumers
from functions.outbox.metrics import COUNTED, SIGN_IN_FAILED
from infra import discovery
from shared import clock
from shared.errors import Unavailable
from shared.storage import attributes, events
from tests.aws import hooks
from tests.aws.emf import Measured, counted, written
from tests.aws.entries import Context

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")


@pytest.fixture(autouse=True)
def _bus(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the stage an event bus."""
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    boto3.client("events").create_event_bus(Name="milepost-local")


@pytest.fixture
def soon() -> Any:
    """Stand still at a second and a half after noon, when the events happened."""
    with time_machine.travel("2026-11-20T12:00:01.500Z", tick=False) as time:
        yield time


def record(number: int, event_type: str, **data: Any) -> dict[str, Any]:
    """Return the stream record of an event that happened at noon."""
    write = events.occurred(
        event_type,
        partition="USER#user_01",
        subject_id="goal_01",
        tenant_id="nobody",
        at=NOON,
        data={"user_id": "user_01", **data},
    )
    image = attributes.dump(write.item)
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(1000 + number), "NewImage": image}}


def publish(*types: str, **data: Any) -> None:
    records = [record(number, each, **data) for number, each in enumerate(types)]
    consumers.handler({"Records": records}, Context())


def test_each_event_is_measured_from_when_it_happened_until_the_bus_has_it(soon: Any, capsys: Any):
    publish("goals.goal.updated", "goals.goal.shared", "goals.task.added")

    assert written(capsys) == [Measured("outbox", "BusLag", None, [1500.0] * 3)]


@pytest.mark.parametrize("event_type", COUNTED)
def test_it_is_counted_as_its_type(soon: Any, capsys: Any, event_type: str):
    publish(event_type, "goals.goal.updated", event_type)

    assert counted(capsys, event_type) == [Measured("outbox", event_type, None, [2.0])]


@pytest.mark.parametrize("reason", SIGN_IN_FAILED.values)
def test_a_sign_in_that_failed_is_counted_by_its_reason(soon: Any, capsys: Any, reason: str):
    publish("identity.sign_in.failed", "identity.sign_in.failed", reason=reason, source_address="203.0.113.7")

    assert counted(capsys, "identity.sign_in.failed") == [Measured("outbox", "identity.sign_in.failed", reason, [2.0])]


def test_what_the_bus_did_not_take_is_not_counted(capsys: Any):
    def refuse(params: dict[str, Any], **_: object) -> dict[str, Any]:
        taken = {"EventId": "1"}
        return {"Entries": [taken, {"ErrorCode": "ThrottlingException"}, taken], "FailedEntryCount": 1}

    with hooks.registered("before-call.events.PutEvents", refuse):
        publish("goals.task.completed", "goals.task.completed", "goals.task.completed")

    assert counted(capsys, "goals.task.completed") == [Measured("outbox", "goals.task.completed", None, [1.0])]


def test_nothing_is_counted_when_the_bus_is_down(capsys: Any):
    def refuse(**_: object) -> None:
        raise Unavailable("The event bus did not answer in time.")

    with hooks.registered("before-call.events.PutEvents", refuse), pytest.raises(Unavailable):
        publish("goals.task.completed")

    assert written(capsys) == []


def test_every_type_that_is_counted_is_one_that_there_is():
    declared = {
        event_type
        for context in discovery.contexts()
        if (discovery.ROOT / "functions" / context / "event_types.py").exists()
        for event_type in importlib.import_module(f"functions.{context}.event_types").EVENT_TYPES
    }

    assert declared > COUNTED.keys() | {SIGN_IN_FAILED.name}


def test_every_reason_that_a_sign_in_can_fail_for_is_known():
    assert get_args(get_type_hints(Failure)["reason"]) == SIGN_IN_FAILED.values
