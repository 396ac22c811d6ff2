"""What happens by itself: a schedule keeps the signing keys fresh. The same function rotates when it is told to.

{"action": "keep"}      the schedule, once a day: rotate when it is time, let go of what verifies nothing any more
{"action": "rotate"}    somebody, when a key may be compromised: make the next key now
{"action": "renew"}     somebody, after a restore: sign with a new key from now on, and let no earlier token be good
"""

from typing import Any

from functions.identity.access_tokens import rotation
from shared import clock
from shared.messaging import handling
from shared.messaging.handling import Invocation

_ACTIONS = {"keep": rotation.keep, "rotate": rotation.rotate, "renew": rotation.renew}


class UnknownAction(Exception):
    """The event does not say what to do."""


def handler(event: dict[str, Any], context: Invocation) -> list[dict[str, Any]]:
    """Do what the event says and return what each signing key is. Raises UnknownAction, rotation.KeysChanged."""
    action = _ACTIONS.get(event.get("action", ""))
    if action is None:
        raise UnknownAction(f"Send an action, one of {', '.join(_ACTIONS)}.")
    now = clock.now()
    with handling.of_run(context, action=event["action"]):
        action(now=now)
    return rotation.standing(now=now)
