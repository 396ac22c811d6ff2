"""What was sent is sent again by request: one delivery, or those of a time range."""

import pytest
import time_machine

from functions.webhooks import replays
from shared.storage.events import Event
from tests.webhooks.people import Backbone, Person, stored_events, told
from tests.webhooks.receiver import Receiver

HOUR = 3600


def test_a_replay_sends_the_same_message_under_the_same_id(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    backbone.runs()
    path = f"/{endpoint['endpoint_id']}/deliveries/{event.event_id}/replay"
    answer = ada.post(path, key="again")
    repeated = ada.post(path, key="again")
    backbone.runs()
    first, second = receiver.messages

    assert (answer.status, answer.body["status"], repeated.body) == (202, "waiting", answer.body)
    assert (first.webhook_id, first.body) == (second.webhook_id, second.body)
    assert second.verified(endpoint["secret"])["type"] == "goals.goal.completed"
    assert [(each["status"], each["attempts"]) for each in ada.deliveries(endpoint)] == [("delivered", 2)]


def test_a_replay_brings_a_retry_forward(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    receiver.answers_next(503, {"Retry-After": "86400"})
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    backbone.runs()
    ada.post(f"/{endpoint['endpoint_id']}/deliveries/{event.event_id}/replay")
    backbone.runs()

    assert [each["status"] for each in ada.deliveries(endpoint)] == ["delivered"]


def test_what_cannot_be_replayed_is_refused(ada: Person, eve: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    backbone.runs()
    path = f"/{endpoint['endpoint_id']}/deliveries/{event.event_id}"
    unknown = f"/{endpoint['endpoint_id']}/deliveries/evt_01KAFXA1D3F5H7K9N2Q4S6V8XZ"
    ada.patch(f"/{endpoint['endpoint_id']}", {"disabled": True})

    assert ada.get(unknown).code == "DeliveryNotFound"
    assert ada.get(f"/{endpoint['endpoint_id']}/deliveries/nothing").code == "DeliveryNotFound"
    assert eve.get(path).code == "EndpointNotFound"
    assert eve.post(f"{path}/replay").code == "EndpointNotFound"
    assert ada.post(f"{path}/replay").code == "EndpointDisabled"
    assert ada.post(f"/{endpoint['endpoint_id']}/test").code == "EndpointDisabled"


def test_a_delivery_that_is_being_sent_is_not_replayed(ada: Person, receiver: Receiver, backbone: Backbone):
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    told(event)
    path, refusals = f"/{endpoint['endpoint_id']}/deliveries/{event.event_id}/replay", []
    receiver.before_answer = lambda: refusals.append(ada.post(path).code)
    backbone.runs()

    assert refusals == ["DeliveryInFlight"]


def range_of(since: str, until: str, status: str = "failed") -> dict[str, str]:
    return {"since": f"2026-11-{since}:00Z", "until": f"2026-11-{until}:00Z", "status": status}


@pytest.mark.parametrize("together", [500, 2])
def test_what_failed_in_a_time_range_is_sent_again(
    ada: Person,
    backbone: Backbone,
    receiver: Receiver,
    noon: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    together: int,
):
    monkeypatch.setattr(replays, "TOGETHER", together)
    endpoint, happened = ada.listens(receiver.url), []
    for _ in range(6):
        receiver.answers_next(410)
        happened.append(ada.completes_goal().event_id)
        backbone.runs()
        ada.patch(f"/{endpoint['endpoint_id']}", {"disabled": False})
        noon.shift(HOUR)
    receiver.messages.clear()
    asked = ada.post(f"/{endpoint['endpoint_id']}/replay", range_of("20T13:00", "20T17:00"), key="once")
    ada.post(f"/{endpoint['endpoint_id']}/replay", range_of("20T13:00", "20T17:00"), key="once")
    backbone.runs()

    assert asked.status == 202
    assert sorted(message.webhook_id for message in receiver.messages) == happened[1:5]
    assert [each["event_id"] for each in ada.deliveries(endpoint, "status=failed")] == [happened[5], happened[0]]


def test_any_of_a_time_range_are_sent_again_once_however_often_the_request_comes(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url)
    happened = [ada.completes_goal().event_id for _ in range(3)]
    backbone.runs()
    receiver.messages.clear()
    ada.post(f"/{endpoint['endpoint_id']}/replay", range_of("20T00:00", "21T00:00", "any"))
    for _ in range(2):
        backbone.runs()
        backbone.seen.clear()

    assert sorted(message.webhook_id for message in receiver.messages) == happened


def test_a_replay_goes_on_once_however_often_its_event_comes(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replays, "TOGETHER", 2)
    endpoint = ada.listens(receiver.url)
    happened = [ada.completes_goal().event_id for _ in range(6)]
    backbone.runs()
    receiver.messages.clear()
    ada.post(f"/{endpoint['endpoint_id']}/replay", range_of("20T00:00", "21T00:00", "any"))
    for _ in range(3):
        told(*requested())
    backbone.runs()

    assert sorted(each.data["behind"] or "" for each in requested()) == ["", happened[1], happened[3]]
    assert [each.actor for each in requested()] == [{"kind": "user", "id": ada.user_id}] * 3
    assert sorted(message.webhook_id for message in receiver.messages) == happened


def requested() -> list[Event]:
    return [event for event in stored_events() if event.event_type == "webhooks.replay.requested"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"since": "2026-11-20T12:00:00Z", "until": "2026-11-20T12:00:00Z"}, "until"),
        ({"since": "yesterday", "until": "2026-11-20T12:00:00Z"}, "since"),
        ({"since": "1969-11-20T12:00:00Z", "until": "2026-11-20T12:00:00Z"}, "since"),
        ({"until": "2026-11-20T12:00:00Z"}, "since"),
        ({"since": 5, "until": "2026-11-20T12:00:00Z"}, "since"),
        ({"since": "2026-11-20T11:00:00Z", "until": "2026-11-20T12:00:00Z", "status": "waiting"}, "status"),
    ],
)
def test_a_range_that_is_none_is_refused_by_name(ada: Person, body: dict[str, object], field: str):
    endpoint = ada.listens("https://hooks.example.com/")
    answer = ada.post(f"/{endpoint['endpoint_id']}/replay", body)

    assert (answer.status, answer.fields) == (422, [field])
