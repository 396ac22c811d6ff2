"""The outbox: what was written with a change is on the bus, once it happened and in the order of the stream."""

import json
from typing import Any

import boto3
import pytest

from functions.outbox import consumers
from shared import attributes, bus, clock, events, ids
from tests.doors import Context

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")


@pytest.fixture(autouse=True)
def _bus(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the stage an event bus."""
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    boto3.client("events").create_event_bus(Name="milepost-local")
    bus.client.cache_clear()


@pytest.fixture
def delivered() -> Any:
    """Subscribe a queue to the bus; the function returns what is in it."""
    queue_url = boto3.client("sqs").create_queue(QueueName="everything")["QueueUrl"]
    queue_arn = boto3.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    rules = boto3.client("events")
    pattern = json.dumps({"source": ["milepost"]})
    rules.put_rule(Name="everything", EventBusName="milepost-local", EventPattern=pattern)
    target = {"Id": "queue", "Arn": queue_arn["Attributes"]["QueueArn"]}
    rules.put_targets(Rule="everything", EventBusName="milepost-local", Targets=[target])

    def take() -> list[events.Event]:
        found = []
        while (
            messages := boto3.client("sqs").receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages")
        ):
            found += [bus.read(json.loads(message["Body"])) for message in messages]
        return sorted(found)

    return take


def record(number: int, *, note: str = "") -> dict[str, Any]:
    """Return the stream record of an event."""
    data = {"goal_id": "goal_01", "number": number, "note": note}
    write = events.occurred(
        "goals.goal.updated", partition="USER#ada", subject_id="goal_01", tenant_id="tenant_01", at=NOON, data=data
    )
    return {
        "eventName": "INSERT",
        "dynamodb": {"SequenceNumber": str(1000 + number), "NewImage": attributes.dump(write.item)},
    }


def refused(monkeypatch: pytest.MonkeyPatch, refuses: Any) -> None:
    """Let the bus refuse the entries of which `refuses` says so."""
    real = bus.client().put_events

    def put_events(**request: Any) -> Any:
        kept = [entry for entry in request["Entries"] if not refuses(json.loads(entry["Detail"]))]
        answer = iter(real(**{**request, "Entries": kept})["Entries"] if kept else [])
        failed = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slower"}
        entries = [next(answer) if entry in kept else failed for entry in request["Entries"]]
        return {"Entries": entries, "FailedEntryCount": len(entries) - len(kept)}

    monkeypatch.setattr(bus.client(), "put_events", put_events)


def test_an_event_arrives_as_it_was_written(delivered: Any) -> None:
    happened = record(1)
    answer = consumers.handler({"Records": [happened]}, Context())
    (event,) = delivered()

    assert answer == {"batchItemFailures": []}
    assert event == events.stored(attributes.load(happened["dynamodb"]["NewImage"]))
    assert event.event_type == "goals.goal.updated"
    assert event.subject_id == "goal_01"
    assert ids.is_valid(event.event_id, "evt")
    assert event.data == {"goal_id": "goal_01", "number": 1, "note": ""}


def test_more_than_a_call_may_carry_arrives_whole(delivered: Any) -> None:
    consumers.handler({"Records": [record(number) for number in range(25)]}, Context())

    assert sorted(event.data["number"] for event in delivered()) == list(range(25))


def test_large_events_go_in_calls_that_are_small_enough(delivered: Any) -> None:
    calls: list[int] = []
    bus.client().meta.events.register(
        "provide-client-params.events.PutEvents",
        lambda params, **_: calls.append(sum(len(entry["Detail"].encode()) for entry in params["Entries"])),
    )
    consumers.handler({"Records": [record(number, note="ä" * 50_000) for number in range(5)]}, Context())

    assert len(delivered()) == 5
    assert len(calls) == 3
    assert max(calls) < bus.MAX_BYTES


def test_what_the_bus_refuses_comes_again_from_there_on(delivered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record(number) for number in range(15)]
    with monkeypatch.context() as patch:
        refused(patch, lambda event: event["data"]["number"] == 12)
        answer = consumers.handler({"Records": records}, Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1012"}]}
    assert consumers.handler({"Records": records[12:]}, Context()) == {"batchItemFailures": []}
    assert {event.data["number"] for event in delivered()} == set(range(15))


def test_a_bus_that_does_not_answer_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    bus.client.cache_clear()
    answer = consumers.handler({"Records": [record(1), record(2)]}, Context())
    bus.client.cache_clear()

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1001"}]}
