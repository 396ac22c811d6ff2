"""The credentials of a function: those of its environment, or those that its container hands out for a while.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import orjson

REFRESHED_BEFORE_SECONDS: Final = 300
ASKED_AGAIN_AFTER_SECONDS: Final = 30
_TIMEOUT_SECONDS: Final = 2
_RELATIVE_HOST: Final = "169.254.170.2"
# What may be asked without TLS: this machine, and where ECS and EKS answer.
_PLAIN_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1", _RELATIVE_HOST, "169.254.170.23", "fd00:ec2::23"})


class Credentials(NamedTuple):
    """An access key, with the token of its session when it is temporary."""

    access_key_id: str
    secret: str
    session_token: str | None

    def __repr__(self) -> str:
        return f"Credentials({self.access_key_id})"


class NoCredentials(Exception):
    """Neither the environment nor the container gives credentials."""


class _Held(NamedTuple):
    """What the container gave; until when it is good, and when to ask again, in seconds of the epoch."""

    given: Credentials
    expires_at: float
    due_at: float


_lock = threading.Lock()
_held: _Held | None = None
_source: Callable[[], Credentials] | None = None


def use(source: Callable[[], Credentials] | None) -> None:
    """Sign with what a source returns, such as a profile, where the environment has no keys; None ends that."""
    global _source  # noqa: PLW0603 - what a process signs with
    _source = source


def current() -> Credentials:
    """Return the credentials to sign with now. Raises NoCredentials.

    Those of the container are asked for again five minutes before they expire; when it does not answer, the old ones
    are used as long as they last, and it is asked every half minute.
    """
    key = os.environ.get("AWS_ACCESS_KEY_ID")
    secret = os.environ.get("AWS_SECRET_ACCESS_KEY")
    if key and secret:
        found = Credentials(key, secret, os.environ.get("AWS_SESSION_TOKEN"))
        if not _is_sendable(found):
            raise NoCredentials("those of the environment hold what no header may hold")
        return found
    if _source is not None:
        return _source()
    held = _held
    if held is not None and time.time() < held.due_at:
        return held.given
    with _lock:
        return _refreshed()


def forget(refused: Credentials) -> None:
    """Ask again at the next call; not when another thread has already done so since these were refused."""
    global _held  # noqa: PLW0603 - what a process holds
    if _held is not None and _held.given == refused:
        _held = None


def _refreshed() -> Credentials:
    global _held  # noqa: PLW0603 - what a process holds
    held = _held
    # Another thread may have been faster.
    if held is not None and time.time() < held.due_at:
        return held.given
    try:
        _held = fresh = _of_container()
    except (OSError, HTTPException, ArithmeticError, LookupError, TypeError, ValueError) as error:
        now = time.time()
        if held is None or held.expires_at <= now:
            raise NoCredentials(f"the container gives no credentials: {error!r}") from error
        _held = held._replace(due_at=min(now + ASKED_AGAIN_AFTER_SECONDS, held.expires_at))
        return held.given
    return fresh.given


def _is_sendable(found: Credentials) -> bool:
    """Return whether a header can hold them. Raises TypeError when they are no texts."""
    token = "" if found.session_token is None else found.session_token
    said = "".join((found.access_key_id, found.secret, token))
    return said.isascii() and said.isprintable()


def _of_container() -> _Held:
    """Return what the container gives. Raises what comes of reading an answer that is none of a container."""
    url = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    relative = os.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    if relative:
        url = f"http://{_RELATIVE_HOST}{relative}"
    if not url:
        raise NoCredentials("the environment names neither credentials nor a container that has them")
    given = _fetched(url)
    expires_at = datetime.fromisoformat(given["Expiration"]).timestamp()
    found = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given.get("Token"))
    if not _is_sendable(found):
        raise ValueError("they hold what no header may hold")
    return _Held(found, expires_at, expires_at - REFRESHED_BEFORE_SECONDS)


def _fetched(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and host not in _PLAIN_HOSTS:
        raise ValueError(f"{host} is asked for credentials over HTTPS only")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    # Without a port, the last part of an address of IPv6 would be taken for one.
    connection = kind(host, parts.port or kind.default_port, timeout=_TIMEOUT_SECONDS)
    try:
        token = _container_token()
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("GET", path, headers={"Authorization": token} if token else {})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise ValueError(f"{answer.status}")
        found: dict[str, Any] = orjson.loads(body)
        return found
    finally:
        connection.close()


def _container_token() -> str | None:
    path = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
