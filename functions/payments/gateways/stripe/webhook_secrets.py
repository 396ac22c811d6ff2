"""What Stripe's webhooks are known by: two secrets while one takes over from the other.

They are a secret of the stage, apart from the key, which whoever takes webhooks cannot read.
"""

import json
import os
from typing import Final

from shared import clock
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.observability import logger
from shared.stage_secrets import StageSecret

KEPT: Final = 300 * SECOND

secret: Final = StageSecret(lambda: os.environ["STRIPE_WEBHOOKS_SECRET_ID"])
_known: list[tuple[Instant, tuple[str, ...]]] = []


def known() -> tuple[str, ...]:
    """Return the secrets; they are read anew every five minutes. Raises Unavailable."""
    now = clock.now()
    if not _known or now >= _known[0][0] + KEPT:
        _known[:] = [(now, _read(secret.renewed().value))]
    return _known[0][1]


def forget() -> None:
    """Let go of what was read."""
    secret.forget()
    _known.clear()


def _read(value: bytes) -> tuple[str, ...]:
    try:
        held = json.loads(value)
        both = held.get("webhook_secret"), held.get("webhook_secret_before")
    except (ValueError, AttributeError) as error:
        logger.error("the secret of Stripe's webhooks cannot be read", reason=type(error).__name__)
        raise Unavailable("The stage does not know its webhooks of Stripe.") from None
    return tuple(str(each) for each in both if each)
