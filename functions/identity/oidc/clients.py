"""The client that a stage is at the provider: an id and a secret, both in one secret of the stage.

The secret is made at deployment without a client id, which leaves the sign-in off until an operator fills it in
(docs/deploying.md). It is read again after five minutes, so that filling it in needs no deployment.
"""

import base64
import json
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from shared import config
from shared.clock import SECOND, Instant
from shared.errors import NotFound
from shared.observability import logger
from shared.stage_secrets import StageSecret

KEPT = 5 * 60 * SECOND


class GoogleSignInNotConfigured(NotFound):
    """404: this stage has no sign-in with Google; sign in with e-mail address and password."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who Milepost is to the provider."""

    client_id: str
    secret: str = field(repr=False)

    @property
    def authorization(self) -> str:
        """The `Authorization` header that the client proves itself with (RFC 6749, section 2.3.1)."""
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret)}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"


class _Kept:
    """The stage's secret, and when it was read."""

    def __init__(self) -> None:
        self.secret = StageSecret(lambda: config.oidc_secret_id() or "")
        self.read_at: Instant = 0

    def text(self, now: Instant) -> bytes:
        if not self.read_at <= now < self.read_at + KEPT:
            content = self.secret.renewed().value
            self.read_at = now
            return content
        return self.secret.current().value


_kept = _Kept()


def configured(*, now: Instant) -> Client:
    """Return the client of this stage. Raises GoogleSignInNotConfigured, Unavailable."""
    client = _parsed(_kept.text(now)) if config.oidc_secret_id() else None
    if client is None:
        raise GoogleSignInNotConfigured("This stage has no sign-in with Google; use e-mail address and password.")
    return client


def forget() -> None:
    """Let go of what was read."""
    _kept.read_at = 0


def _parsed(text: bytes) -> Client | None:
    try:
        held = json.loads(text)
        client = Client(held["client_id"], held["client_secret"])
    except (ValueError, LookupError, TypeError):
        logger.exception("the secret of the sign-in with Google is not an object of client_id and client_secret")
        return None
    return client if client.client_id and client.secret else None
