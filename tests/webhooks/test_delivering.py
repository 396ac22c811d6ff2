"""From what happened to the message that the endpoint has taken."""

import json

from shared.storage import events
from tests.webhooks.people import Backbone, Person, told
from tests.webhooks.receiver import Receiver


def test_what_happens_arrives_signed_at_the_endpoint(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()
    backbone.runs()
    (message,) = receiver.messages

    assert message.verified(endpoint["secret"]) == {
        "type": "goals.goal.completed",
        "timestamp": event.occurred_at,
        "data": event.data,
        "actor": {"kind": "system", "id": "milepost"},
    }
    assert message.webhook_id == event.event_id
    assert message.headers["content-type"] == "application/json"
    assert json.loads(message.body)["data"]["goal_id"] == event.subject_id
    (delivery,) = ada.deliveries(endpoint)
    assert (delivery["status"], delivery["attempts"], delivery["last_status"]) == ("delivered", 1, 204)


def test_a_restatement_is_told_to_no_endpoint(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url, event_types=["goals.*"])
    event = ada.completes_goal()
    stated = events.stated(
        "goals.goal", subject_id=event.subject_id, tenant_id=ada.tenant_id, data=event.data, state={"version": 2}
    )
    answer = told(stated)
    backbone.runs()

    assert answer == {"batchItemFailures": []}
    assert [each["event_id"] for each in ada.deliveries(endpoint)] == [event.event_id]
