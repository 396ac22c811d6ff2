"""The front before the API (CloudFront, another proxy), which proves itself with a secret that it sends in a header.

The secret is JSON, `{"current": "…", "previous": "…"}`: both are good while the front is given a new one. It is read
again every five minutes, and, at most once a minute, when a front sends what is not known yet.

A stage may have its front as the only way in. What comes past it is refused then, before anything else is looked at.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Final

from shared import clock, config
from shared.clock import SECOND, Instant
from shared.errors import Forbidden, Unavailable
from shared.observability import logger
from shared.stage_secrets import StageSecret

PROOF_HEADER: Final = "x-front-secret"

_KEPT = 5 * 60 * SECOND
_MET_AGAIN = 60 * SECOND


class FrontBypassed(Forbidden):
    """403: the request has not come through the front of the stage, which is the only way in."""


class _Secrets:
    """What the front proves itself with, and when it was read last."""

    def __init__(self) -> None:
        self._secret = StageSecret(config.front_secret_id)
        self._values: tuple[bytes, ...] = ()
        self._read_at: Instant | None = None
        self.is_known = False

    def have(self, sent: str) -> bool:
        """Return whether the front alone can have sent this."""
        # Who knows nothing asks again with the next second.
        self._renew(older_than=_KEPT if self.is_known else SECOND)
        if self._are_met_by(sent):
            return True
        return self._renew(older_than=_MET_AGAIN) and self._are_met_by(sent)

    def forget(self) -> None:
        """Let go of what was read."""
        self._secret.forget()
        self._values, self._read_at, self.is_known = (), None, False

    def _are_met_by(self, sent: str) -> bool:
        return any(hmac.compare_digest(sent.encode(errors="replace"), value) for value in self._values)

    def _renew(self, *, older_than: int) -> bool:
        """Read the secret if what is known of it is older, and return whether it was read.

        What was known is kept while Secrets Manager does not answer.
        """
        now = clock.now()
        if self._read_at is not None and now < self._read_at + older_than:
            return False
        self._read_at = now
        try:
            self._values = _values(self._secret.renewed().value)
        except Unavailable as error:
            logger.error("secret of the front not read", error=type(error).__name__)
            return False
        self.is_known = True
        return True


_secrets = _Secrets()


def has_sent(headers: Mapping[str, str]) -> bool:
    """Return whether a request has come through the front, by its headers with names in lower case."""
    sent = headers.get(PROOF_HEADER)
    return sent is not None and _secrets.have(sent)


def require(headers: Mapping[str, str]) -> None:
    """Require that a request has come through the front, where that is the only way in.

    Raises:
        FrontBypassed: it has not.
        Unavailable: it says so, and the secret could not be read yet.
    """
    if not config.front_is_the_only_way_in() or has_sent(headers):
        return
    if PROOF_HEADER in headers and not _secrets.is_known:
        raise Unavailable("The secret of the front did not answer in time; repeat the request.")
    raise FrontBypassed("This address is closed. Call the API under its own name.")


def forget() -> None:
    """Let go of the secret of the front."""
    _secrets.forget()


def _values(text: bytes) -> tuple[bytes, ...]:
    """Return the values that are good, of which there may be none."""
    try:
        stored = json.loads(text)
        return tuple(value.encode() for name in ("current", "previous") if (value := stored.get(name)))
    except (ValueError, AttributeError):
        logger.error("secret of the front is not as docs/deploying.md says")
        return ()
