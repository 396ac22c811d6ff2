"""Endpoints of webhooks on the deployed stage, and waiting for what arrives there."""

import time
from collections.abc import Callable
from typing import Any

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.webhooks.receiver import Receiver

# What takes a second by itself takes a minute where two cores run everything.
PATIENCE_SECONDS = 240
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 1.0


def until(came: Callable[[], Any]) -> Any:
    """Return what comes at last, or whatever there is when patience is over. What is waited for long is asked less."""
    give_up, pause = time.monotonic() + PATIENCE_SECONDS, FIRST_PAUSE_SECONDS
    while not (found := came()) and time.monotonic() < give_up:
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
    return found


def endpoint_of(me: SignIn, stack: Addresses, receiver: Receiver, **fields: Any) -> dict[str, Any]:
    """Make an endpoint and return it with its secret."""
    asked = {"url": receiver.url, **fields}
    answer = call("POST", f"{stack.api_url}/api/v1/webhook-endpoints", body=asked, token=me.access_token)
    assert answer.status == 201, answer.text
    return answer.json()
