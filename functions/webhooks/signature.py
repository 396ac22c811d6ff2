"""The headers of a webhook: what proves where it comes from (Standard Webhooks 1.0.0, symmetric signatures)."""

import base64
import secrets
from collections.abc import Sequence
from typing import Final

from shared import clock
from shared.clock import Instant

PREFIX: Final = "whsec_"
# The specification wants 24 to 64.
_SECRET_BYTES = 32


def new_secret() -> str:
    """Return a new secret as its holder is shown it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def headers(keys: Sequence[str], *, webhook_id: str, at: Instant, payload: str) -> dict[str, str]:
    """Return the headers of a message that is sent now, with a signature by each of the secrets."""
    # The API needs only new secrets, and this library no one else.
    from standardwebhooks import Webhook  # noqa: PLC0415

    sent_at = clock.to_datetime(at)
    signatures = [Webhook(key).sign(msg_id=webhook_id, timestamp=sent_at, data=payload) for key in keys]
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(at // clock.SECOND),
        "webhook-signature": " ".join(signatures),
    }
