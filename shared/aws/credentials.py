"""The credentials of a function: those of its environment, or those that its container hands out for a while.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

import json
import os
import threading
import time
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

REFRESHED_BEFORE_SECONDS: Final = 300
_TIMEOUT_SECONDS: Final = 2
_RELATIVE_HOST: Final = "169.254.170.2"
# What may be asked without TLS: this machine, and where ECS and EKS answer.
_PLAIN_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1", _RELATIVE_HOST, "169.254.170.23", "fd00:ec2::23"})


class Credentials(NamedTuple):
    """An access key, with the token of its session when it is temporary; `expires_at` in seconds of the epoch."""

    access_key_id: str
    secret: str
    session_token: str | None
    expires_at: float | None = None


class NoCredentials(Exception):
    """Neither the environment nor the container gives credentials."""


_lock = threading.Lock()
_held: Credentials | None = None
_source: Callable[[], Credentials] | None = None


def use(source: Callable[[], Credentials] | None) -> None:
    """Sign with what a source returns, such as a profile, where the environment has no keys; None ends that."""
    global _source  # noqa: PLW0603 - what a process signs with
    _source = source


def current() -> Credentials:
    """Return the credentials to sign with now. Raises NoCredentials.

    Those of the container are asked for again five minutes before they expire; when it does not answer, the old ones
    are used as long as they last.
    """
    key = os.environ.get("AWS_ACCESS_KEY_ID")
    secret = os.environ.get("AWS_SECRET_ACCESS_KEY")
    if key and secret:
        return Credentials(key, secret, os.environ.get("AWS_SESSION_TOKEN"))
    if _source is not None:
        return _source()
    held = _held
    if held is not None and not _is_due(held):
        return held
    with _lock:
        return _refreshed()


def forget(refused: Credentials | None = None) -> None:
    """Ask again at the next call; not when another thread has already done so since these were refused."""
    global _held  # noqa: PLW0603 - what a process holds
    if refused is None or _held == refused:
        _held = None


def _refreshed() -> Credentials:
    global _held  # noqa: PLW0603 - what a process holds
    held = _held
    # Another thread may have been faster.
    if held is not None and not _is_due(held):
        return held
    try:
        _held = fresh = _of_container()
    except (OSError, HTTPException, ValueError, KeyError) as error:
        if held is None or held.expires_at is None or held.expires_at <= time.time():
            raise NoCredentials(f"the container gives no credentials: {error!r}") from error
        return held
    return fresh


def _is_due(held: Credentials) -> bool:
    return held.expires_at is not None and held.expires_at - time.time() < REFRESHED_BEFORE_SECONDS


def _of_container() -> Credentials:
    url = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    relative = os.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    if relative:
        url = f"http://{_RELATIVE_HOST}{relative}"
    if not url:
        raise NoCredentials("the environment names neither credentials nor a container that has them")
    given = _fetched(url)
    expires_at = datetime.fromisoformat(given["Expiration"]).timestamp()
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given.get("Token"), expires_at)


def _fetched(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and host not in _PLAIN_HOSTS:
        raise ValueError(f"{host} is asked for credentials over HTTPS only")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(host, parts.port, timeout=_TIMEOUT_SECONDS)
    try:
        token = _container_token()
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("GET", path, headers={"Authorization": token} if token else {})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise ValueError(f"{answer.status}")
        found: dict[str, Any] = json.loads(body)
        return found
    finally:
        connection.close()


def _container_token() -> str | None:
    path = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
