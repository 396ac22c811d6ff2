"""Webhooks on the deployed stage: a goal is completed, and a real server on this machine has the signed message."""

from collections.abc import Callable
from typing import Any

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.e2e.endpoints import endpoint_of, until
from tests.webhooks.receiver import receiving


def test_a_completed_goal_arrives_signed(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    me, goals = sign_up(), f"{stack.api_url}/api/v1/goals"
    with receiving() as receiver:
        endpoint = endpoint_of(me, stack, receiver, event_types=["goals.goal.completed"])
        goal_id = call("POST", goals, body={"title": "Run a marathon"}, token=me.access_token).json()["goal_id"]
        call("POST", f"{goals}/{goal_id}/complete", token=me.access_token)
        (message,) = until(lambda: receiver.messages)
        told = message.verified(endpoint["secret"])

    assert told["type"] == "goals.goal.completed"
    assert told["data"]["goal_id"] == goal_id
    assert message.webhook_id.startswith("evt_")


def test_what_was_refused_comes_again_and_is_in_the_log(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    me = sign_up()
    with receiving() as receiver:
        receiver.answers_next(503, body=b"not now")
        endpoint = endpoint_of(me, stack, receiver)
        path = f"{stack.api_url}/api/v1/webhook-endpoints/{endpoint['endpoint_id']}"
        call("POST", f"{stack.api_url}/api/v1/goals", body={"title": "Run a marathon"}, token=me.access_token)
        until(lambda: len(receiver.messages) > 1)
        first, second = receiver.messages
        shown = until(lambda: delivered(f"{path}/deliveries/{first.webhook_id}", me))

    assert first.webhook_id == second.webhook_id
    assert second.verified(endpoint["secret"]) == first.verified(endpoint["secret"])
    assert [(each["status"], each["answer"]) for each in shown["log"]] == [(204, ""), (503, "not now")]


def delivered(address: str, me: SignIn) -> Any:
    """Return a delivery when it was taken, None before."""
    shown = call("GET", address, token=me.access_token).json()
    return shown if shown["status"] == "delivered" else None
