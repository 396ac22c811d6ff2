"""Where a request comes from: the address that API Gateway has seen, or the one that the front before it has seen.

Behind a front (CloudFront, another proxy) API Gateway sees the front alone. A stage that has one says in which header
the front names the address (`front_address_header`), and shares a secret with it, which the front sends in another
header. Only with that secret is the address believed; without, anybody could have written it.

The secret is JSON, `{"current": "…", "previous": "…"}`: both are good while the front is given a new one. It is read
again every five minutes, and, at most once a minute, when a front sends what is not known yet.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from shared import clock, config
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.observability import logger
from shared.stage_secrets import StageSecret

PROOF_HEADER: Final = "x-front-secret"

_KEPT = 5 * 60 * SECOND
_MET_AGAIN = 60 * SECOND
# With each address goes the port it was seen at: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
_WITH_PORT = "cloudfront-viewer-address"
# Each proxy adds whom it has heard of it from: only the last is the front's own word.
_LIST = "x-forwarded-for"


class _Secrets:
    """What the front proves itself with, and when it was read last."""

    def __init__(self) -> None:
        self._secret = StageSecret(config.front_secret_id)
        self._values: tuple[bytes, ...] = ()
        self._read_at: Instant | None = None

    def have(self, sent: str) -> bool:
        """Return whether the front alone can have sent this."""
        self._renew(older_than=_KEPT)
        if self._are_met_by(sent):
            return True
        return self._renew(older_than=_MET_AGAIN) and self._are_met_by(sent)

    def forget(self) -> None:
        """Let go of what was read."""
        self._secret.forget()
        self._values, self._read_at = (), None

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
        return True


_secrets = _Secrets()


def of(event: Mapping[str, Any]) -> str:
    """Return the source address of an event of API Gateway (HTTP API, payload 2.0)."""
    seen = str(event["requestContext"]["http"].get("sourceIp", ""))
    header = config.front_address_header()
    if header is None:
        return seen
    headers = event.get("headers") or {}
    sent = headers.get(PROOF_HEADER)
    if sent is None or not _secrets.have(sent):
        return seen
    return _named(headers.get(header, ""), header, seen) or seen


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


def _named(value: str, header: str, seen: str) -> str | None:
    """Return the address that a header names, None when it names none, or several where there is one."""
    entries = [entry.strip() for entry in value.split(",")]
    if header == _LIST:
        # API Gateway adds whom it has seen itself, which is the front.
        entries = (entries[:-1] if len(entries) > 1 and _parsed(entries[-1]) == _parsed(seen) else entries)[-1:]
    if len(entries) != 1:
        return None
    return _parsed(entries[0].rpartition(":")[0] if header == _WITH_PORT else _without_port(entries[0]))


def _without_port(text: str) -> str:
    """Return an address as it is, or without the port: `203.0.113.7:443`, `[2001:db8::1]:443`."""
    if text.startswith("[") or text.count(":") == 1:
        return text.rpartition(":")[0] if not text.endswith("]") else text
    return text


def _parsed(text: str) -> str | None:
    """Return an address in its one spelling, None for what is none. IPv6 may stand in brackets."""
    import ipaddress  # noqa: PLC0415 - most stages have no front, and a cold start is shorter without

    try:
        address = ipaddress.ip_address(text[1:-1] if text.startswith("[") and text.endswith("]") else text)
    except ValueError:
        return None
    return None if "%" in text else str(getattr(address, "ipv4_mapped", None) or address)
