"""Messages are handled for the request that caused them, and each leaves a line that says what came of it."""

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import boto3
import pytest

from shared import correlation, ids
from shared.correlation import Correlation
from shared.messaging import batches, handling, queues
from shared.messaging.batches import Message
from shared.messaging.queues import Outgoing
from shared.storage import events
from shared.storage.events import Event
from tests.aws import messages
from tests.aws.entries import Context
from tests.shared import log
from tests.shared.log import lines

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

MADE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00")


def happened(request_id: str | None = "request-1") -> Event:
    carried = None if request_id is None else {"request_id": request_id, "traceparent": TRACEPARENT}
    return Event(ids.new("evt"), "a.b.c", 1, "2026-11-20T12:00:00.000Z", ids.new("tenant"), "s", {"n": 1}, carried)


def follows(subject: str, _messages: Sequence[Message]) -> None:
    """Do as a consumer that writes an event and sends a message."""
    write = events.occurred("a.b.d", partition="P", subject_id=subject, tenant_id="tenant_1", at=0, data={})
    WRITTEN.append(write.item.get("correlation", {}).get("request_id"))
    if subject == "broken":
        raise ZeroDivisionError


WRITTEN: list[str | None] = []


@pytest.fixture(autouse=True)
def _nothing_written() -> None:
    WRITTEN.clear()


def test_what_a_consumer_writes_is_of_the_request_of_its_event(capsys: pytest.CaptureFixture[str]):
    event = happened()

    batches.per_subject(messages.delivered([event]), lambda _: "s", follows)
    (line,) = lines(capsys, "message")

    assert WRITTEN == ["request-1"]
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("duration_ms") >= 0
    line.pop("cold_start", None)
    assert line == {
        "level": "INFO",
        "message": "message",
        "service": "milepost",
        "queue": "milepost-local-Consumer-Queue",
        "message_id": "message-0",
        "event_id": event.event_id,
        "event_type": "a.b.c",
        "tenant_id": event.tenant_id,
        "receives": 1,
        "outcome": "done",
        "request_id": "request-1",
        "traceparent": TRACEPARENT,
    }


def test_what_several_bring_about_together_is_of_the_last(capsys: pytest.CaptureFixture[str]):
    batch = messages.delivered([happened("request-1"), happened("request-2")])

    batches.per_subject(batch, lambda _: "s", follows)

    assert WRITTEN == ["request-2"]
    assert [line["request_id"] for line in lines(capsys, "message")] == ["request-1", "request-2"]


class _Invoice(NamedTuple):
    invoice_id: str


class _Retention(NamedTuple):
    invoice_id: str


def test_subjects_of_two_types_are_two_though_their_tuples_are_equal():
    done = []
    subjects = iter([_Invoice("inv_1"), _Retention("inv_1"), _Invoice("inv_1")])
    batch = messages.delivered([happened() for _ in range(3)])

    batches.per_subject(batch, lambda _: next(subjects), lambda subject, told: done.append((type(subject), len(told))))

    assert done == [(_Invoice, 2), (_Retention, 1)]


@pytest.mark.usefixtures("aws")
def test_one_that_fails_says_so(capsys: pytest.CaptureFixture[str]):
    batch = messages.delivered([happened("request-1"), happened("request-2")])
    subjects = iter(["broken", "whole"])
    log.follow()

    batches.per_subject(batch, lambda _: next(subjects), follows)
    written = log.everything(capsys)

    assert [(line["message"], line["request_id"], line.get("outcome")) for line in written[:3]] == [
        ("messages that could not be handled", "request-1", None),
        ("message", "request-1", "failed"),
        ("message", "request-2", "done"),
    ]


@pytest.mark.parametrize("event", [happened(None), happened("two words"), happened("r" * 200)])
def test_an_event_without_a_request_is_known_by_its_message(event: Event):
    batches.per_subject(messages.delivered([event]), lambda _: "s", follows)

    assert WRITTEN == ["message-0"]


@pytest.mark.parametrize("body", ['{"goal_id": "goal_1"}', '{"event_id": ["\\ud800"], "tenant_id": 7, "detail": null}'])
def test_so_is_the_message_of_a_schedule(body: str, capsys: pytest.CaptureFixture[str]):
    batches.per_subject(messages.batch([body]), lambda _: "s", follows)
    (line,) = lines(capsys, "message")

    assert WRITTEN == [line["request_id"]] == ["message-0"]
    assert MADE.fullmatch(line["traceparent"])
    assert not {"event_id", "event_type", "tenant_id"} & line.keys()


@pytest.mark.parametrize("body", ["no json", "[]", '"text"', "null", "[" * 100_000])
def test_what_cannot_be_read_has_a_line_all_the_same(body: str, capsys: pytest.CaptureFixture[str]):
    (record,) = messages.batch([body])["Records"]
    with handling.of_messages([record]) as handled:
        handled.outcome = "postponed"
    (line,) = lines(capsys, "message")

    assert (line["message_id"], line["outcome"]) == ("message-0", "postponed")


def test_events_of_the_stream_are_each_of_their_own_request(capsys: pytest.CaptureFixture[str]):
    gone = [happened("request-1"), happened(None), happened("request-3")]
    with handling.of_events(gone) as handled:
        meanwhile = correlation.current()
        handled.taken = 2
    written = lines(capsys, "event")

    assert meanwhile is None
    assert [(line["request_id"], line["outcome"]) for line in written] == [
        ("request-1", "done"),
        (gone[1].event_id, "done"),
        ("request-3", "failed"),
    ]


def test_all_have_failed_when_an_exception_ends_it(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(ZeroDivisionError), handling.of_events([happened(), happened()]):
        raise ZeroDivisionError

    assert [line["outcome"] for line in lines(capsys, "event")] == ["failed", "failed"]


def test_what_a_schedule_asks_for_is_known_by_the_call(capsys: pytest.CaptureFixture[str]):
    with handling.of_run(Context(), shard=3):
        belongs_to = correlation.current()
    (line,) = lines(capsys, "run")

    assert belongs_to is not None
    assert belongs_to.request_id == line["request_id"] == Context().aws_request_id
    assert (line["shard"], line["outcome"]) == (3, "done")


@pytest.fixture
def queue_url(aws: None) -> str:
    return boto3.client("sqs").create_queue(QueueName="work")["QueueUrl"]


def received(queue_url: str) -> dict[str, Any]:
    """Return a message as Lambda gets it."""
    (found,) = boto3.client("sqs").receive_message(QueueUrl=queue_url, MessageAttributeNames=["All"])["Messages"]
    (record,) = messages.batch([found["Body"]])["Records"]
    said = {
        name: {"stringValue": each["StringValue"], "dataType": each["DataType"]}
        for name, each in found.get("MessageAttributes", {}).items()
    }
    return record | {"messageAttributes": said}


def test_a_message_that_is_sent_meanwhile_says_for_which_request(queue_url: str):
    known = Correlation("request-1", TRACEPARENT)
    token = correlation.enter(known)
    queues.send(queue_url, {"goal_id": "goal_1"})
    correlation.leave(token)

    assert queues.correlation_of(received(queue_url)) == known


def test_one_that_is_sent_for_another_says_so(queue_url: str):
    known = Correlation("request-2", TRACEPARENT)
    with handling.of_messages([messages.delivered([happened("request-1")])["Records"][0]]):
        queues.send_all(queue_url, [Outgoing({"goal_id": "goal_1"}, "tenant_1", belongs_to=known)])
    record = received(queue_url)
    with handling.of_messages([record]):
        belongs_to = correlation.current()

    assert belongs_to == known


def test_one_that_is_sent_outside_of_any_says_nothing(queue_url: str):
    queues.send(queue_url, {"goal_id": "goal_1"})

    assert received(queue_url)["messageAttributes"] == {}


@pytest.mark.parametrize(
    "hostile", ["ada@example.org", "Ada Lovelace", "a\nb", "a\x1b[2J", "Zo\u00eb", "a" * 65, "", 7, ["evt"], {"a": "b"}]
)
def test_what_somebody_put_on_the_queue_as_an_id_is_in_no_line(
    hostile: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"event_id": hostile, "event_type": hostile, "tenant_id": hostile}
    record = {
        "messageId": "message-0",
        "body": json.dumps({"detail": told}),
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:queue",
    }

    with handling.of_messages([record]):
        pass
    (line,) = lines(capsys, "message")

    assert {"event_id", "event_type", "tenant_id"} & line.keys() == set()
