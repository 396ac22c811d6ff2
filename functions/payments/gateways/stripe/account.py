"""The account of the stage at Stripe, by its secret key, which the process of payments alone reads.

The secret is JSON that an operator fills in: `secret_key`, and `address` where something else stands in for Stripe.
It is read anew every five minutes, so that a rotation is seen, and sooner while there is no key.
"""

import json
import os
from typing import Final

from functions.payments.gateways.stripe.transfers import API, Stripe
from shared import clock
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.observability import logger
from shared.stage_secrets import StageSecret

KEPT: Final = 300 * SECOND
KEPT_WITHOUT: Final = 5 * SECOND

secret: Final = StageSecret(lambda: os.environ["STRIPE_SECRET_ID"])
_known: list[tuple[Instant, Stripe | None]] = []


def gateway() -> Stripe | None:
    """Return Stripe for the account of the stage, None if it has none. Raises Unavailable."""
    now = clock.now()
    if _known and now < _known[0][0] + (KEPT if _known[0][1] else KEPT_WITHOUT):
        return _known[0][1]
    found = _read(secret.renewed().value)
    _known[:] = [(now, found)]
    return found


def forget() -> None:
    """Let go of what was read."""
    secret.forget()
    _known.clear()


def _read(value: bytes) -> Stripe | None:
    try:
        held = json.loads(value)
        key, address = str(held.get("secret_key") or ""), str(held.get("address") or API)
    except (ValueError, AttributeError) as error:
        logger.error("the secret of Stripe cannot be read", reason=type(error).__name__)
        raise Unavailable("The stage does not know its account at Stripe.") from None
    return Stripe(key, api=address) if key else None
