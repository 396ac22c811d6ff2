"""What never leaves the platform: private fields, and what only a later version knows, on the whole way of an event."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from functions.outbox import consumers as outbox
from functions.webhooks import consumers, endpoints, happenings, published
from infra.documents import event_schemas
from shared import actors, clock
from shared.messaging import event_data
from shared.messaging.event_data import EventType
from shared.storage import attributes, events, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Put
from tests.aws.entries import Context
from tests.webhooks.people import Backbone, Person, record
from tests.webhooks.receiver import Receiver

SECRET = "https://hooks.example/key-of-somebody-else"
OnTheBus = Callable[[Item], list[str]]


@pytest.fixture
def on_the_bus(ada: Person, monkeypatch: pytest.MonkeyPatch) -> OnTheBus:
    """A function that lets the outbox read an item from the stream, and returns what a rule of the bus delivers."""
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    sqs, bus = boto3.client("sqs"), boto3.client("events")
    for name, url in (("Everything", ""), ("Audit.fifo", "AUDIT_QUEUE_URL")):
        made = sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"} if url else {})["QueueUrl"]
        if url:
            monkeypatch.setenv(url, made)
    queue_url = sqs.get_queue_url(QueueName="Everything")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bus.create_event_bus(Name="milepost-local")
    pattern = json.dumps({"source": ["milepost"]})
    bus.put_rule(Name="everything", EventBusName="milepost-local", EventPattern=pattern)
    bus.put_targets(Rule="everything", EventBusName="milepost-local", Targets=[{"Id": "queue", "Arn": arn}])

    def read(item: Item) -> list[str]:
        change = {"SequenceNumber": "1", "NewImage": attributes.dump(item)}
        outbox.handler({"Records": [{"eventName": "INSERT", "dynamodb": change}]}, Context())
        found = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", [])
        return [message["Body"] for message in found]

    return read


def disabled(ada: Person, endpoint: dict[str, Any]) -> Item:
    """Write that an endpoint was disabled, with its address, and return the stored item."""
    (stored,) = table.query_all(f"TENANT#{ada.tenant_id}", f"WEBHOOK#{endpoint['endpoint_id']}")
    after = endpoints.from_item(stored)._replace(disabled=True)
    told = {"url": SECRET, "reason": "gone", "failing_since": None}
    write = happenings.changed("disabled", after, clock.now(), **told)
    table.transact([write])
    return stored_again(write)


def stored_again(write: Put) -> Item:
    item = table.get(Key(write.item["PK"], write.item["SK"]))
    assert item is not None
    return item


def sent(bodies: list[str], backbone: Backbone, receiver: Receiver) -> dict[str, Any]:
    """Let the consumer receive messages of the bus, and return the body that comes to the receiver."""
    consumers.handler({"Records": [record(body) for body in bodies]}, Context())
    backbone.seen |= {json.loads(body)["detail"]["event_id"] for body in bodies}
    backbone.runs()
    (message,) = receiver.messages
    body: dict[str, Any] = json.loads(message.body)
    return body


def test_a_private_field_is_in_no_webhook(
    ada: Person, backbone: Backbone, receiver: Receiver, on_the_bus: OnTheBus
) -> None:
    endpoint = ada.listens(receiver.url, event_types=[published.DISABLED])
    backbone.runs()
    bodies = on_the_bus(disabled(ada, endpoint))
    body = sent(bodies, backbone, receiver)

    assert SECRET in bodies[0]
    assert SECRET not in json.dumps(body)
    assert body["data"] == {"endpoint_id": endpoint["endpoint_id"], "reason": "gone", "failing_since": None}
    assert body["actor"] == {"kind": "system", "id": "milepost"}
    assert body.keys() == {"type", "timestamp", "data", "actor"}


def test_what_a_later_version_has_added_is_in_no_webhook_of_this_one(
    ada: Person, backbone: Backbone, receiver: Receiver, on_the_bus: OnTheBus
) -> None:
    endpoint = ada.listens(receiver.url, event_types=[published.DISABLED])
    backbone.runs()
    item = disabled(ada, endpoint)
    later = {
        **item,
        "version": 9,
        "region": SECRET,
        "data": item["data"] | {"note": SECRET},
        "state": item["state"] | {"note": SECRET},
        "actor": item["actor"] | {"note": SECRET},
        "concerns": [each | {"note": SECRET} for each in item["concerns"]],
    }
    body = sent(on_the_bus(later), backbone, receiver)

    assert SECRET not in json.dumps(body)
    assert body.keys() == {"type", "timestamp", "data", "actor"}


def test_an_event_of_the_first_version_is_sent_as_it_always_was(
    ada: Person, backbone: Backbone, receiver: Receiver, on_the_bus: OnTheBus
) -> None:
    ada.listens(receiver.url, event_types=["goals.*"])
    backbone.runs()
    event = ada.completes_goal()
    place = Key(f"USER#{ada.user_id}", f"EVENT#{event.subject_id}#{event.event_id}")
    item = table.get(place)
    assert item is not None
    first = {name: value for name, value in item.items() if name not in {"version", "actor"}}

    assert sent(on_the_bus(first), backbone, receiver) == {
        "type": "goals.goal.completed",
        "timestamp": event.occurred_at,
        "data": event.data,
    }


@pytest.mark.parametrize(
    ("name", "event_type"), sorted(event_schemas.event_types().items()), ids=lambda each: str(each)[:60]
)
def test_no_type_tells_webhooks_more_than_its_public_fields(name: str, event_type: EventType) -> None:
    data = dict.fromkeys(event_type.data.model_fields, SECRET)
    told: dict[str, Any] = {"actor": actors.SYSTEM.told(), "data": data, "state": {"status": SECRET}}
    event = events.Event("evt_1", name, 2, "2026-11-20T12:00:00.000Z", "tenant_1", "subject_1", **told)
    said = published.told(event)
    public = event_data.public_fields(event_type.data) if event_type.is_published else []

    assert published.is_published(name) is event_type.is_published
    assert list(said["data"]) == public
    assert said.keys() == {"type", "timestamp", "data", "actor"}
