"""What was stored when webhooks were called notifications is read under their own name."""

from typing import Any

import pytest

from functions.webhooks import deliveries, endpoints
from shared import clock, ids
from shared.storage import table
from shared.storage.events import Event
from shared.storage.writes import Put
from tests.webhooks.people import Backbone, Person, stored_events, told
from tests.webhooks.receiver import Receiver

FILTERS = [
    ("notifications.endpoint.disabled", "webhooks.endpoint.disabled"),
    ("notifications.endpoint.*", "webhooks.endpoint.*"),
    ("notifications.*", "webhooks.*"),
    ("goals.*", "goals.*"),
]


def stored(ada: Person, endpoint: dict[str, Any]) -> dict[str, Any]:
    (item,) = table.query_all(f"TENANT#{ada.tenant_id}", f"WEBHOOK#{endpoint['endpoint_id']}")
    return item


def as_before(ada: Person, endpoint: dict[str, Any], *filters: str) -> None:
    """Store an endpoint as a version did that called webhooks notifications."""
    item = stored(ada, endpoint) | {"event_types": list(filters)}
    table.transact([Put({name: value for name, value in item.items() if name != "naming"})])


def event(ada: Person, event_type: str, subject_id: str, **data: Any) -> Event:
    now = clock.now()
    return Event(ids.new("evt", at=now), event_type, 1, clock.to_rfc3339(now), ada.tenant_id, subject_id, data)


@pytest.mark.parametrize(("former", "present"), FILTERS)
def test_a_filter_is_shown_and_matched_under_its_present_name(
    ada: Person, backbone: Backbone, receiver: Receiver, former: str, present: str
):
    endpoint = ada.listens(receiver.url, event_types=["goals.*"])
    as_before(ada, endpoint, former)
    backbone.runs()
    disabled = event(ada, "webhooks.endpoint.disabled", "endpoint_1", endpoint_id="endpoint_1")
    told(disabled)
    backbone.runs()

    assert ada.get(f"/{endpoint['endpoint_id']}").body["event_types"] == [present]
    assert [message.webhook_id for message in receiver.messages] == [disabled.event_id] * (present != "goals.*")


def test_an_endpoint_that_is_changed_is_stored_under_present_names(ada: Person, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    as_before(ada, endpoint, "notifications.*", "goals.goal.completed")
    ada.patch(f"/{endpoint['endpoint_id']}", {"description": "changed"})

    assert stored(ada, endpoint)["event_types"] == ["webhooks.*", "goals.goal.completed"]
    assert stored(ada, endpoint)["naming"] == 2


def test_a_filter_that_is_stored_under_that_name_from_now_on_means_another_context(ada: Person, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    table.transact([Put(stored(ada, endpoint) | {"event_types": ["notifications.*"]})])

    assert ada.get(f"/{endpoint['endpoint_id']}").body["event_types"] == ["notifications.*"]


@pytest.mark.parametrize("former", ["notifications.endpoint.disabled", "notifications.endpoint.*", "notifications.*"])
def test_a_request_uses_the_present_names(ada: Person, receiver: Receiver, former: str):
    assert ada.post("", {"url": receiver.url, "event_types": [former]}).fields == ["event_types.0"]


@pytest.mark.parametrize("scope", ["notifications:read notifications:write notifications:admin", "goals:read"])
def test_a_token_with_the_former_scopes_alone_may_nothing_here(ada: Person, scope: str):
    assert ada.holding(scope).get().code == "InsufficientScope"


def test_an_event_that_asks_for_a_delivery_under_its_former_name_is_answered(
    ada: Person, backbone: Backbone, receiver: Receiver
):
    endpoint = ada.listens(receiver.url)
    completed = ada.completes_goal()
    backbone.runs()
    (delivery,) = [
        deliveries.from_item(item)
        for item in table.query_all(f"TENANT#{ada.tenant_id}", f"DELIVERY#{endpoint['endpoint_id']}#")
    ]
    now = clock.now()
    table.transact([deliveries.written(delivery, deliveries.waiting(delivery, due_at=now, look_at=now))])
    asked = {"endpoint_id": endpoint["endpoint_id"], "event_id": completed.event_id, "by": ada.user_id}
    told(event(ada, "notifications.delivery.requested", endpoint["endpoint_id"], **asked))
    backbone.runs()

    assert [message.webhook_id for message in receiver.messages] == [completed.event_id] * 2


def test_a_replay_that_was_asked_for_under_its_former_name_goes_on(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    span = {"since": "2020-01-01T00:00:00.000Z", "until": "2099-01-01T00:00:00.000Z", "status": "any", "behind": None}
    asked = {"endpoint_id": endpoint["endpoint_id"], "replay_id": ids.new("replay"), "by": ada.user_id, **span}
    told(event(ada, "notifications.replay.requested", endpoint["endpoint_id"], **asked))
    backbone.runs()

    assert len(receiver.messages) == 2


def test_that_an_endpoint_was_disabled_is_told_under_the_present_name(
    ada: Person, backbone: Backbone, receiver: Receiver
):
    endpoint = ada.listens(receiver.url, event_types=["webhooks.*"])
    told(event(ada, "notifications.endpoint.disabled", "endpoint_1", endpoint_id="endpoint_1"))
    backbone.runs()
    (message,) = receiver.messages

    assert message.verified(endpoint["secret"])["type"] == "webhooks.endpoint.disabled"


def test_what_another_context_tells_under_that_name_later_is_not_taken_for_ours(
    ada: Person, backbone: Backbone, receiver: Receiver
):
    ada.listens(receiver.url)
    told(event(ada, "notifications.message.sent", "message_1"))
    backbone.runs()

    assert receiver.messages == []
    assert {each.event_type for each in stored_events()} == {"webhooks.endpoint.created"}


def test_a_delivery_of_before_is_shown_as_it_was_written(ada: Person, receiver: Receiver):
    endpoint, now = ada.listens(receiver.url), clock.now()
    happened = event(ada, "notifications.endpoint.disabled", "endpoint_1")
    made = deliveries.new(endpoints.from_item(stored(ada, endpoint)), happened, at=now, look_at=now)
    table.transact([deliveries.made(made)])

    assert [each["event_type"] for each in ada.deliveries(endpoint)] == ["notifications.endpoint.disabled"]
