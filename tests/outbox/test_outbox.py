"""The outbox: what was written with a change is on the bus, once it happened and in the order of the stream."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from functions.outbox import consumers
from shared import clock, correlation, ids
from shared.correlation import Correlation
from shared.errors import Unavailable
from shared.messaging import bus
from shared.storage import attributes, events
from tests.aws import hooks
from tests.aws.discarded import Kept
from tests.aws.entries import Context
from tests.shared.log import lines

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")
MALFORMED: dict[str, Callable[[dict[str, Any]], object]] = {
    "without an image": lambda change: change.pop("NewImage"),
    "without an id": lambda change: change["NewImage"].pop("event_id"),
    "an id of something else": lambda change: change["NewImage"].update(event_id={"S": "goal_01"}),
    "an id that is a number": lambda change: change["NewImage"].update(event_id={"N": "1"}),
    "without a tenant": lambda change: change["NewImage"].update(tenant_id={"S": ""}),
    "without a subject": lambda change: change["NewImage"].update(SK={"S": "EVENT"}),
    "a version that is a text": lambda change: change["NewImage"].update(version={"S": "2"}),
    "data that are a text": lambda change: change["NewImage"].update(data={"S": "goal_01"}),
    "an image that is a text": lambda change: change.update(NewImage="goal_01"),
    "an attribute that the table does not hold": lambda change: change["NewImage"].update(data={"B": "AA=="}),
    "more than the bus takes": lambda change: change["NewImage"]["data"]["M"].update(note={"S": "x" * 300_000}),
}


@pytest.fixture(autouse=True)
def _bus(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the stage an event bus."""
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    boto3.client("events").create_event_bus(Name="milepost-local")


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


@contextmanager
def refused(refuses: Any) -> Iterator[None]:
    """Let the bus refuse the entries of which `refuses` says so."""
    real = boto3.client("events").put_events

    def put_events(params: dict[str, Any], **_: object) -> dict[str, Any]:
        asked = json.loads(params["body"])["Entries"]
        kept = [entry for entry in asked if not refuses(json.loads(entry["Detail"]))]
        answer = iter(real(Entries=kept)["Entries"] if kept else [])
        failed = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slower"}
        entries = [next(answer) if entry in kept else failed for entry in asked]
        return {"Entries": entries, "FailedEntryCount": len(entries) - len(kept)}

    with hooks.registered("before-call.events.PutEvents", put_events):
        yield


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


def test_an_event_says_for_which_request_it_happened(delivered: Any) -> None:
    entries: list[dict[str, Any]] = []
    hooks.register("provide-client-params.events.PutEvents", lambda params, **_: entries.extend(params["Entries"]))
    request = Correlation("Hs7dXhQ4joEEMbg=", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    token = correlation.enter(request)
    of_a_request = record(1)
    correlation.leave(token)
    of_none = record(2)

    consumers.handler({"Records": [of_a_request, of_none]}, Context())
    details = [json.loads(entry["Detail"]) for entry in entries]

    assert [event.belongs_to for event in delivered()] == [request, None]
    assert details[0]["correlation"] == request._asdict()
    assert "correlation" not in details[1]
    # What X-Ray records is not for a caller to say, so it is not told whether this trace is sampled.
    assert entries[0]["TraceHeader"] == "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331"
    assert "TraceHeader" not in entries[1]


def test_every_event_that_leaves_is_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    with refused(lambda detail: detail["data"]["number"] == 2):
        consumers.handler({"Records": [record(number) for number in range(4)]}, Context())
    written = lines(capsys, "event")

    assert [line["outcome"] for line in written] == ["done", "done", "failed", "failed"]
    assert {(line["event_type"], line["tenant_id"]) for line in written} == {("goals.goal.updated", "tenant_01")}


def test_more_than_a_call_may_carry_arrives_whole(delivered: Any) -> None:
    consumers.handler({"Records": [record(number) for number in range(25)]}, Context())

    assert sorted(event.data["number"] for event in delivered()) == list(range(25))


def test_large_events_go_in_calls_that_are_small_enough(delivered: Any) -> None:
    calls: list[int] = []
    hooks.register(
        "provide-client-params.events.PutEvents",
        lambda params, **_: calls.append(sum(len(entry["Detail"].encode()) for entry in params["Entries"])),
    )
    consumers.handler({"Records": [record(number, note="ä" * 50_000) for number in range(5)]}, Context())

    assert len(delivered()) == 5
    assert len(calls) == 3
    assert max(calls) < bus.MAX_BYTES


def test_what_the_bus_refuses_comes_again_from_there_on(delivered: Any) -> None:
    records = [record(number) for number in range(15)]
    with refused(lambda event: event["data"]["number"] == 12):
        answer = consumers.handler({"Records": records}, Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1012"}]}
    assert consumers.handler({"Records": records[12:]}, Context()) == {"batchItemFailures": []}
    assert {event.data["number"] for event in delivered()} == set(range(15))


def test_a_bus_that_does_not_answer_lets_the_whole_batch_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    with pytest.raises(Unavailable):
        consumers.handler({"Records": [record(1), record(2)]}, Context())


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED)
def test_a_record_that_is_no_event_is_put_aside_and_holds_up_no_other(
    delivered: Any, kept: Kept, change: Callable[[dict[str, Any]], object]
) -> None:
    records = [record(number) for number in range(3)]
    change(records[1]["dynamodb"])
    answers = [consumers.handler({"Records": records}, Context()) for _ in range(2)]

    assert answers == [{"batchItemFailures": []}] * 2
    assert {event.data["number"] for event in delivered()} == {0, 2}
    assert kept() == [records[1]]


def test_a_batch_of_nothing_but_malformed_records_is_done(delivered: Any, kept: Kept) -> None:
    answer = consumers.handler({"Records": [{}, {"dynamodb": {}}]}, Context())

    assert answer == {"batchItemFailures": []}
    assert delivered() == []
    assert sorted(kept(), key=len) == [{}, {"dynamodb": {}}]


def test_a_malformed_record_that_cannot_be_put_aside_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCARDED_BUCKET", "there-is-none")

    with pytest.raises(Unavailable):
        consumers.handler({"Records": [{}]}, Context())


@pytest.mark.parametrize("seed", range(50))
def test_batches_cut_repeated_and_reordered_bring_every_event(delivered: Any, kept: Kept, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    records = [record(number) for number in range(chance.randint(1, 40))]
    sent = [*records, *chance.sample(records, k=chance.randint(0, len(records)))]
    chance.shuffle(sent)
    cut = chance.randint(0, len(sent))
    answers = [consumers.handler({"Records": part}, Context()) for part in (sent[:cut], sent[cut:]) if part]

    assert [answer["batchItemFailures"] for answer in answers] == [[]] * len(answers)
    assert {event.data["number"] for event in delivered()} == set(range(len(records)))
    assert kept() == []
