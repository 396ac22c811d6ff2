"""Security events on their way to the audit log: one queue, in the order of each tenant, each of them once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from functions.identity.audit import consumers as audit_consumers
from functions.identity.audit import log
from functions.outbox import consumers
from shared import clock, ids
from shared.errors import Unavailable
from shared.messaging import bus
from shared.storage import attributes, events, table
from shared.storage.events import Event
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import batch

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")
TENANT, OTHER = ids.new("tenant"), ids.new("tenant")
SIGNED_OUT = "identity.user.signed_out"
ORDERED = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}


@pytest.fixture(autouse=True)
def audit_queue(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The queue of the audit log; the stage also has a bus."""
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    boto3.client("events").create_event_bus(Name="milepost-local")
    url = boto3.client("sqs").create_queue(QueueName="AuditLog.fifo", Attributes=ORDERED)["QueueUrl"]
    monkeypatch.setenv("AUDIT_QUEUE_URL", url)
    return url


@pytest.fixture
def on_bus() -> list[str]:
    """The ids of the events that were put on the bus."""
    found: list[str] = []

    def note(params: dict[str, Any], **_: object) -> None:
        found.extend(json.loads(entry["Detail"])["event_id"] for entry in params["Entries"])

    hooks.register("provide-client-params.events.PutEvents", note)
    return found


def record(number: int, *, kind: str = SIGNED_OUT, tenant_id: str = TENANT, **changed: Any) -> dict[str, Any]:
    """Return the stream record of an event."""
    write = events.occurred(
        kind,
        partition="USER#user_1",
        subject_id="user_1",
        tenant_id=tenant_id,
        at=NOON + number * clock.SECOND,
        data={"user_id": "user_1"},
    )
    image = attributes.dump(write.item | changed)
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(1000 + number), "NewImage": image}}


def id_of(each: dict[str, Any]) -> str:
    return str(each["dynamodb"]["NewImage"]["event_id"]["S"])


def messages(url: str) -> list[dict[str, Any]]:
    """Return what is in the queue, and leave it empty."""
    found: list[Any] = []
    asked: dict[str, Any] = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["All"]}
    while received := boto3.client("sqs").receive_message(QueueUrl=url, **asked).get("Messages"):
        for message in received:
            boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        found += received
    return found


def events_in(url: str) -> list[Event]:
    return [bus.read(json.loads(message["Body"])) for message in messages(url)]


@contextmanager
def refusing(*event_ids: str) -> Iterator[None]:
    """Let the queue refuse these events, and take the others of a call."""
    taken = boto3.client("sqs").send_message_batch

    def send(params: dict[str, Any], **_: object) -> dict[str, Any]:
        request = json.loads(params["body"])
        refused = [each for each in request["Entries"] if each["MessageDeduplicationId"] in event_ids]
        kept = [each for each in request["Entries"] if each not in refused]
        if kept:
            taken(QueueUrl=request["QueueUrl"], Entries=kept)
        failed = [{"Id": each["Id"], "SenderFault": False, "Code": "InternalError"} for each in refused]
        return {"Successful": [], "Failed": failed}

    with hooks.registered("before-call.sqs.SendMessageBatch", send):
        yield


def test_a_security_event_is_in_the_group_of_its_tenant_and_known_by_its_id(
    audit_queue: str, on_bus: list[str]
) -> None:
    happened = [record(1), record(2, tenant_id=OTHER)]
    consumers.handler({"Records": happened}, Context())
    found = messages(audit_queue)
    places = {each["Attributes"]["MessageDeduplicationId"]: each["Attributes"]["MessageGroupId"] for each in found}

    assert places == {id_of(happened[0]): TENANT, id_of(happened[1]): OTHER}
    assert on_bus == [id_of(each) for each in happened]


def test_what_the_log_does_not_keep_goes_to_the_bus_alone(audit_queue: str, on_bus: list[str]) -> None:
    others = ["identity.session.refreshed", "identity.user.renamed", "goals.goal.updated"]
    happened = [record(number, kind=kind) for number, kind in enumerate(others)]
    consumers.handler({"Records": [*happened, record(9, tenant_id="nobody")]}, Context())

    assert messages(audit_queue) == []
    assert len(on_bus) == 4


def test_events_of_a_tenant_stay_in_their_order(audit_queue: str) -> None:
    happened = [record(number, tenant_id=TENANT if number % 3 else OTHER) for number in range(25)]
    consumers.handler({"Records": happened}, Context())
    found = events_in(audit_queue)

    for tenant_id in (TENANT, OTHER):
        sent = [id_of(each) for each in happened if each["dynamodb"]["NewImage"]["tenant_id"]["S"] == tenant_id]
        assert [event.event_id for event in found if event.tenant_id == tenant_id] == sent


def test_a_batch_that_comes_again_is_not_queued_again(audit_queue: str) -> None:
    happened = [record(number) for number in range(12)]
    for _ in range(2):
        consumers.handler({"Records": happened}, Context())

    assert len(messages(audit_queue)) == 12


def test_what_the_queue_refuses_comes_again_from_there_on(audit_queue: str, on_bus: list[str]) -> None:
    happened = [record(number, kind=SIGNED_OUT if number % 2 else "goals.goal.updated") for number in range(10)]
    with refusing(id_of(happened[5])):
        answer = consumers.handler({"Records": happened}, Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1005"}]}
    assert on_bus == [id_of(each) for each in happened[:5]]
    assert consumers.handler({"Records": happened[5:]}, Context()) == {"batchItemFailures": []}
    assert on_bus == [id_of(each) for each in happened]
    assert [event.event_id for event in events_in(audit_queue)] == [id_of(each) for each in happened[1::2]]


@pytest.mark.parametrize("refused", range(12))
def test_events_of_a_tenant_stay_in_their_order_when_the_queue_refuses_one(audit_queue: str, refused: int) -> None:
    tenants = [TENANT, TENANT, OTHER, TENANT, OTHER, OTHER, TENANT, TENANT, TENANT, OTHER, TENANT, OTHER]
    happened = [record(number, tenant_id=tenant_id) for number, tenant_id in enumerate(tenants)]
    with refusing(id_of(happened[refused])):
        answer = consumers.handler({"Records": happened}, Context())
    (failed,) = answer["batchItemFailures"]
    first = int(failed["itemIdentifier"]) - 1000
    consumers.handler({"Records": happened[first:]}, Context())
    found = events_in(audit_queue)

    assert first <= refused
    for tenant_id in (TENANT, OTHER):
        sent = [id_of(each) for each, whose in zip(happened, tenants, strict=True) if whose == tenant_id]
        assert [event.event_id for event in found if event.tenant_id == tenant_id] == sent


def test_of_two_that_are_refused_the_first_is_the_one_to_come_again_from(audit_queue: str) -> None:
    others = [ids.new("tenant") for _ in range(6)]
    happened = [record(number, tenant_id=tenant_id) for number, tenant_id in enumerate(others)]
    with refusing(id_of(happened[4]), id_of(happened[2])):
        answer = consumers.handler({"Records": happened}, Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1002"}]}


def test_tenants_share_a_call_and_each_has_one_event_in_it(audit_queue: str) -> None:
    calls: list[list[str]] = []

    def note(params: dict[str, Any], **_: object) -> None:
        calls.append([entry["MessageGroupId"] for entry in params["Entries"]])

    hooks.register("provide-client-params.sqs.SendMessageBatch", note)
    consumers.handler({"Records": [record(number) for number in range(3)]}, Context())
    consumers.handler({"Records": [record(number, tenant_id=ids.new("tenant")) for number in range(12)]}, Context())

    assert [len(groups) for groups in calls] == [1, 1, 1, 10, 2]


def test_a_queue_that_does_not_answer_lets_the_whole_batch_come_again(
    on_bus: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9")

    with pytest.raises(Unavailable):
        consumers.handler({"Records": [record(1, kind="goals.goal.updated"), record(2)]}, Context())

    assert on_bus == []


def test_large_events_go_in_calls_that_are_small_enough(audit_queue: str) -> None:
    sizes: list[int] = []

    def note(params: dict[str, Any], **_: object) -> None:
        sizes.append(sum(len(entry["MessageBody"].encode()) for entry in params["Entries"]))

    hooks.register("provide-client-params.sqs.SendMessageBatch", note)
    large = {"note": "ä" * 50_000}
    happened = [record(number, tenant_id=ids.new("tenant"), data=large) for number in range(5)]
    consumers.handler({"Records": happened}, Context())

    assert len(sizes) == 3
    assert max(sizes) <= 256 * 1024
    assert len(messages(audit_queue)) == 5


def test_what_came_by_the_earlier_queue_and_by_this_one_is_in_the_log_once(audit_queue: str) -> None:
    """Both are filled while a stage is being deployed: the rule of before goes after the outbox sends here."""
    happened = [record(number) for number in range(8)]
    consumers.handler({"Records": happened}, Context())
    by_rule = [json.dumps({"source": "milepost", "detail": event._asdict()}) for event in _events(happened)]
    audit_consumers.handler(batch(by_rule[:5]), Context())
    audit_consumers.handler(batch(message["Body"] for message in messages(audit_queue)), Context())
    audit_consumers.handler(batch(by_rule[5:]), Context())
    items = [log.from_item(item) for item in table.query_all(f"TENANT#{TENANT}", log.PREFIX)]
    chain = sorted(items, key=lambda entry: entry.sequence)

    assert [entry.event_id for entry in chain] == [id_of(each) for each in happened]
    assert [entry.sequence for entry in chain] == list(range(1, 9))


def _events(happened: list[dict[str, Any]]) -> list[Event]:
    return [events.stored(attributes.load(each["dynamodb"]["NewImage"])) for each in happened]
