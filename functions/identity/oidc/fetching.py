"""Asking the provider of a sign-in: over HTTPS, once, with an end to time and size.

The one rule: only addresses of the configured issuer's own discovery are asked, and an answer leads nowhere else. They
are public ones, on any port; plain HTTP goes only to this machine on the local stage, where a provider for tests may
run.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from shared import config
from shared.egress import client
from shared.egress.client import Limits, NotAnswered, Request
from shared.errors import Unavailable
from shared.observability import logger

CONNECT_SECONDS = 2.0
TOGETHER_SECONDS = 5.0
MAX_BYTES = 64 * 1024

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ProviderUnavailable(Unavailable):
    """503: the provider of the sign-in does not answer, or not as OpenID Connect says; begin again later."""


class Reply(NamedTuple):
    """What the provider said: the status, and the object that its JSON is."""

    status: int
    body: dict[str, Any]


def get(url: str) -> Reply:
    """Return the reply at an address. Raises ProviderUnavailable."""
    return _ask("GET", url)


def post(url: str, form: Mapping[str, str], *, headers: Mapping[str, str]) -> Reply:
    """Return the reply to a form. Raises ProviderUnavailable."""
    sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return _ask("POST", url, body=urlencode(form).encode(), headers=sent)


def unavailable(reason: str) -> ProviderUnavailable:
    """Return the refusal; the reason is for the log, it helps nobody who signs in."""
    logger.warning("provider of the sign-in unavailable", reason=reason)
    return ProviderUnavailable(
        "The provider of the sign-in does not answer as it should; begin again later.", headers={"Retry-After": "5"}
    )


def is_safe(url: object) -> bool:
    """Tell whether this is an address that may be asked: HTTPS with a host, without credentials or a fragment."""
    if not isinstance(url, str) or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and config.stage() == "local" and host in _LOOPBACK)


def _ask(method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    request = Request(method, url, {"Accept": "application/json", **(headers or {})}, body)
    limits = Limits(seconds=TOGETHER_SECONDS, max_bytes=MAX_BYTES, connect_seconds=CONNECT_SECONDS)
    try:
        reply = client.ask(request, limits, allow_loopback=config.stage() == "local", ports=None)
    except NotAnswered as failure:
        raise unavailable(failure.reason) from failure
    if reply.cut is not None:
        raise unavailable(f"an answer that is cut: {reply.cut}")
    return Reply(reply.status, _object(reply.body))


def _object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise unavailable("an answer that is not JSON") from error
    if not isinstance(body, dict):
        raise unavailable("an answer that is not an object")
    return body
