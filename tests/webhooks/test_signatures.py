"""The messages to an endpoint are signed with its secrets, anew at each attempt, and for a day with the one before."""

import pytest
import time_machine
from standardwebhooks import WebhookVerificationError

from tests.webhooks.people import Backbone, Person
from tests.webhooks.receiver import Receiver


def test_a_retry_is_signed_anew_under_the_same_id(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url)
    receiver.answers_next(500)
    ada.completes_goal()
    backbone.runs()
    noon.shift(10)
    backbone.runs()
    first, second = receiver.messages

    assert second.verified(endpoint["secret"])["type"] == "goals.goal.completed"
    assert first.webhook_id == second.webhook_id
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 10
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_after_a_rotation_both_secrets_verify_for_a_day(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url)
    rotated = ada.post(f"/{endpoint['endpoint_id']}/rotate-secret").body
    ada.completes_goal()
    backbone.runs()
    (message,) = receiver.messages

    assert message.verified(endpoint["secret"]) == message.verified(rotated["secret"])
    noon.shift(24 * 3600)
    ada.completes_goal()
    backbone.runs()
    later = receiver.messages[-1]

    assert later.verified(rotated["secret"])["type"] == "goals.goal.completed"
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        later.verified(endpoint["secret"])


def test_a_secret_that_leaked_ends_at_once(ada: Person, backbone: Backbone, receiver: Receiver):
    endpoint = ada.listens(receiver.url)
    rotated = ada.post(f"/{endpoint['endpoint_id']}/rotate-secret", {"grace_seconds": 0}).body
    ada.completes_goal()
    backbone.runs()
    (message,) = receiver.messages

    assert [each["ends_at"] for each in rotated["secrets"]] == [None]
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        message.verified(endpoint["secret"])
