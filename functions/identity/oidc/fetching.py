"""Asking the provider of a sign-in: over HTTPS, once, with an end to time and size.

The one rule: only addresses of the configured issuer's own discovery are asked, and an answer leads nowhere else. No
redirect is followed, and plain HTTP only to this machine on the local stage, where a provider for tests may run.
"""

import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from shared import config
from shared.errors import Unavailable
from shared.observability import logger

CONNECT_SECONDS = 2
READ_SECONDS = 3
TOGETHER_SECONDS = 5
MAX_BYTES = 64 * 1024

_CHUNK_BYTES = 16 * 1024
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
    return _ask("POST", url, body=urlencode(form), headers=sent)


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


def _ask(method: str, url: str, *, body: str | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    if not is_safe(url):
        raise unavailable("an address that is not asked")
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    give_up = time.monotonic() + TOGETHER_SECONDS
    # A connection that is kept is closed by the other side while the instance sleeps; sign-ins are rare.
    with urllib3.PoolManager(timeout=timeout, retries=False) as pool:
        try:
            response = pool.request(
                method,
                url,
                body=body,
                headers={"Accept": "application/json", **(headers or {})},
                redirect=False,
                preload_content=False,
            )
            with response:
                return Reply(response.status, _object(_content(response, give_up)))
        except HTTPError as error:
            raise unavailable(type(error).__name__) from error


def _content(response: urllib3.BaseHTTPResponse, give_up: float) -> bytes:
    """Return the body, not decompressed: what is small on its way must not become large here."""
    content = b""
    while chunk := response.read1(_CHUNK_BYTES, decode_content=False):
        content += chunk
        if len(content) > MAX_BYTES:
            raise unavailable("an answer that is too large")
        if time.monotonic() > give_up:
            raise unavailable("an answer that is too slow")
    return content


def _object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise unavailable("an answer that is not JSON") from error
    if not isinstance(body, dict):
        raise unavailable("an answer that is not an object")
    return body
