"""The log of deliveries, what is sent again by request, and that each is made once and sent by one at a time."""

import threading

import boto3
import pytest
import time_machine
from moto.core.responses import BaseResponse

from functions.webhooks import sending
from shared import clock, config
from shared.storage import table
from tests.webhooks.people import Backbone, Person, told, waiting
from tests.webhooks.receiver import Receiver

HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def one_call_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto lets two winners through one condition when threads call it at once; DynamoDB does not."""
    lock, call_action = threading.Lock(), BaseResponse.call_action

    def locked(response: BaseResponse) -> object:
        with lock:
            return call_action(response)

    monkeypatch.setattr(BaseResponse, "call_action", locked)


def test_the_log_shows_every_attempt_and_what_was_answered(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    receiver.answers_next(500, body=b"x" * 5000)
    receiver.answers_next(200, body=b"thank you")
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    backbone.runs()
    noon.shift(10)
    backbone.runs()
    shown = ada.get(f"/{endpoint['endpoint_id']}/deliveries/{event.event_id}").body

    assert [(each["number"], each["status"], each["answer"]) for each in shown["log"]] == [
        (2, 200, "thank you"),
        (1, 500, "x" * 2048),
    ]
    assert [each["attempted_at"] for each in shown["log"]] == ["2026-11-20T12:00:10.000Z", "2026-11-20T12:00:00.000Z"]
    assert shown["payload"] == receiver.messages[0].body
    assert (shown["status"], shown["attempts"]) == ("delivered", 2)


def test_an_attempt_without_an_answer_says_why(ada: Person, backbone: Backbone):
    endpoint = ada.listens("http://127.0.0.1:9/")
    event = ada.completes_goal()
    backbone.runs()
    shown = ada.get(f"/{endpoint['endpoint_id']}/deliveries/{event.event_id}").body

    assert (shown["status"], shown["last_error"], shown["last_status"]) == ("waiting", "connection_failed", None)
    assert [(each["status"], each["error"], each["answer"]) for each in shown["log"]] == [
        (None, "connection_failed", None)
    ]


def test_the_log_is_listed_newest_event_first_with_a_cursor(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    happened = [ada.completes_goal().event_id for _ in range(3)]
    backbone.runs()
    path = f"/{endpoint['endpoint_id']}/deliveries"
    first = ada.get(path, "limit=2").body
    second = ada.get(path, f"limit=2&cursor={first['next_cursor']}").body

    assert [each["event_id"] for each in (*first["items"], *second["items"])] == happened[::-1]
    assert ada.get(path, "status=delivered").status == 422
    assert ada.get(path, "cursor=nonsense").status == 400


def test_an_event_that_comes_again_is_delivered_once(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    for _ in range(3):
        told(event, event)
        backbone.runs()

    assert len(receiver.messages) == 1
    assert [each["attempts"] for each in ada.deliveries(endpoint)] == [1]


def test_each_endpoint_that_listens_is_told_and_no_other(
    ada: Person, eve: Person, backbone: Backbone, receiver: Receiver
):
    ada.listens(f"{receiver.url}/all")
    ada.listens(f"{receiver.url}/goals", event_types=["goals.goal.*"])
    ada.listens(f"{receiver.url}/tasks", event_types=["goals.task.*"])
    disabled = ada.listens(f"{receiver.url}/disabled")
    ada.patch(f"/{disabled['endpoint_id']}", {"disabled": True})
    eve.listens(f"{receiver.url}/stranger")
    ada.completes_goal()
    backbone.runs()

    assert sorted(message.path for message in receiver.messages) == ["/hooks/all", "/hooks/goals"]


def test_two_that_take_one_message_at_once_send_it_once(
    ada: Person, backbone: Backbone, receiver: Receiver, one_call_at_a_time: None
):
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    told(event)
    asked = (ada.tenant_id, endpoint["endpoint_id"], event.event_id)
    senders = [threading.Thread(target=sending.send, args=asked) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert len(receiver.messages) == 1
    assert [each["attempts"] for each in ada.deliveries(endpoint)] == [1]


def test_a_sender_that_died_is_followed_by_another_once_its_claim_is_over(
    ada: Person, receiver: Receiver, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    told(event)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_record", died)
        with pytest.raises(Died):
            sending.send(ada.tenant_id, endpoint["endpoint_id"], event.event_id)
    sending.send(ada.tenant_id, endpoint["endpoint_id"], event.event_id)
    during = len(receiver.messages)
    noon.shift(61)
    sending.send(ada.tenant_id, endpoint["endpoint_id"], event.event_id)

    assert during == 1
    assert [message.webhook_id for message in receiver.messages] == [event.event_id] * 2
    assert [each["status"] for each in ada.deliveries(endpoint)] == ["delivered"]


class Died(Exception):
    """The sender died."""


def died(*_: object) -> None:
    raise Died


def test_a_delivery_whose_message_was_lost_is_found_by_a_sweep(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url)
    told(ada.completes_goal())
    boto3.client("sqs").purge_queue(QueueUrl=config.deliveries_queue_url())
    noon.shift(HOUR - 400)
    early = backbone.sweeps()
    noon.shift(400)
    found = backbone.sweeps()
    again = backbone.sweeps()
    backbone.runs()

    assert (early, found, again) == (0, 1, 0)
    assert [each["status"] for each in ada.deliveries(endpoint)] == ["delivered"]


def test_who_fails_or_is_slow_has_a_queue_of_its_own(
    ada: Person, backbone: Backbone, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    endpoint = ada.listens(receiver.url)
    counts = []
    for seconds in (sending.SLOW_SECONDS, -1.0, sending.SLOW_SECONDS):
        monkeypatch.setattr(sending, "SLOW_SECONDS", seconds)
        told(ada.completes_goal())
        counts.append((waiting(config.deliveries_queue_url()), waiting(config.retries_queue_url())))
        backbone.runs()

    assert counts == [(1, 0), (1, 0), (0, 1)]
    assert ada.get(f"/{endpoint['endpoint_id']}").body["failing_since"] is None


def test_a_test_message_is_sent_once_whatever_is_listened_to(ada: Person, backbone: Backbone, receiver: Receiver):
    receiver.answers_next(500)
    endpoint = ada.listens(receiver.url, event_types=["goals.goal.completed"])
    asked = ada.post(f"/{endpoint['endpoint_id']}/test", key="once")
    again = ada.post(f"/{endpoint['endpoint_id']}/test", key="once")
    backbone.runs()
    (message,) = receiver.messages
    (delivery,) = ada.deliveries(endpoint)

    assert (asked.status, again.body) == (202, asked.body)
    assert message.verified(endpoint["secret"])["type"] == "webhooks.endpoint.test"
    assert message.webhook_id == asked.body["event_id"]
    assert (delivery["status"], delivery["attempts"]) == ("failed", 1)
    assert ada.get(f"/{endpoint['endpoint_id']}").body["failing_since"] is None


def test_an_endpoint_that_is_deleted_gets_nothing_more(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    told(ada.completes_goal())
    ada.delete(f"/{endpoint['endpoint_id']}")
    backbone.runs()

    assert receiver.messages == []
    assert backbone.failed == []


def test_a_queue_that_does_not_answer_lets_the_event_come_again(
    ada: Person, backbone: Backbone, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    ada.listens(receiver.url)
    event = ada.completes_goal()
    with monkeypatch.context() as patch:
        patch.setenv("DELIVERIES_QUEUE_URL", "http://127.0.0.1:9/nowhere")
        failed = told(event)["batchItemFailures"]
    told(event)
    backbone.runs()

    assert len(failed) == 1
    assert len(receiver.messages) == 1


def test_a_delivery_is_forgotten_after_thirty_days(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    backbone.runs()
    now = clock.now() // clock.SECOND
    partition = f"TENANT#{ada.tenant_id}"
    found = [
        item
        for prefix in (f"DELIVERY#{endpoint['endpoint_id']}#", f"ATTEMPT#{endpoint['endpoint_id']}#{event.event_id}#")
        for item in table.query(partition, prefix, limit=10).items
    ]

    assert [item["entity"] for item in found] == ["Delivery", "DeliveryAttempt"]
    assert all(now + 30 * DAY - 60 <= item["ttl"] <= now + 30 * DAY for item in found)
