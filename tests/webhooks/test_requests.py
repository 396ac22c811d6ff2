"""A delivery says for which request its event happened: to the receiver, in the log of deliveries, and in our log."""

import pytest

from functions.webhooks import deliveries
from shared import correlation
from shared.correlation import Correlation
from shared.storage import table
from shared.storage.events import Event
from tests.shared.log import lines
from tests.webhooks.people import Backbone, Person, told
from tests.webhooks.receiver import Receiver

REQUEST = Correlation("Kt9eYiR5kpFFNch=", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
ASKED = "Hs7dXhQ4joEEMbg="
"""What API Gateway calls every request in these tests."""


def completed(ada: Person) -> Event:
    token = correlation.enter(REQUEST)
    try:
        return ada.completes_goal()
    finally:
        correlation.leave(token)


def test_the_receiver_and_the_log_are_told(
    ada: Person, backbone: Backbone, receiver: Receiver, capsys: pytest.CaptureFixture[str]
):
    endpoint = ada.listens(receiver.url)
    event = completed(ada)
    backbone.runs()
    (message,) = receiver.messages
    shown = ada.get(f"/{endpoint['endpoint_id']}/deliveries/{event.event_id}").body
    written = [line for line in lines(capsys, "message") if line.get("event_id") == event.event_id]

    assert message.headers["milepost-request-id"] == REQUEST.request_id
    assert message.headers["traceparent"] == REQUEST.traceparent
    assert shown["request_id"] == REQUEST.request_id
    assert [each["request_id"] for each in ada.deliveries(endpoint)] == [REQUEST.request_id]
    # The event, and then the message of its delivery, which names no type.
    assert [(line["request_id"], line.get("event_type")) for line in written] == [
        (REQUEST.request_id, event.event_type),
        (REQUEST.request_id, None),
    ]


def test_a_replay_is_still_of_the_request_of_its_event(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    event = completed(ada)
    backbone.runs()
    ada.post(f"/{endpoint['endpoint_id']}/deliveries/{event.event_id}/replay")
    backbone.runs()

    assert [message.headers["milepost-request-id"] for message in receiver.messages] == [REQUEST.request_id] * 2


def test_a_test_message_is_of_the_request_that_asked_for_it(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    asked = ada.post(f"/{endpoint['endpoint_id']}/test")
    backbone.runs()
    (message,) = receiver.messages

    assert asked.body["request_id"] == message.headers["milepost-request-id"] == ASKED


def test_an_event_of_before_is_delivered_without(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    (message,) = receiver.messages

    assert not {"milepost-request-id", "traceparent"} & message.headers.keys()
    assert [each["request_id"] for each in ada.deliveries(endpoint)] == [None]


def test_a_delivery_of_an_earlier_version_is_shown(ada: Person, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    event = completed(ada)
    told(event)
    key = deliveries.key(ada.tenant_id, endpoint["endpoint_id"], event.event_id)
    item = table.get(key)
    assert item is not None
    table.put_many([{name: value for name, value in item.items() if name not in {"request_id", "traceparent"}}])

    assert ada.get(f"/{endpoint['endpoint_id']}/deliveries/{event.event_id}").body["request_id"] is None


def test_an_endpoint_that_is_disabled_is_so_for_the_request_that_found_it_gone(
    ada: Person, backbone: Backbone, receiver: Receiver
):
    receiver.answers_next(410)
    ada.listens(receiver.url)
    completed(ada)
    backbone.runs()
    disabled = [
        item
        for item in table.query_all(f"TENANT#{ada.tenant_id}", "EVENT#")
        if item["event_type"] == "webhooks.endpoint.disabled"
    ]

    assert [item["correlation"]["request_id"] for item in disabled] == [REQUEST.request_id]
