"""A small HTTP client for the local stage, for what the deployment itself has to ask of the API."""

import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPResponse
from typing import Any

# Thirty functions starting at once on a busy laptop take their time.
SECONDS = 180
# Whoever has called too often is told to come back within seconds; a locked address waits for minutes, and is not ours.
PATIENCE_SECONDS = 5
TRIES = 10

logger = logging.getLogger(__name__)

# What runs on this machine is not asked for through a proxy.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers by lower-case name, and the body as text."""

    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        """Return the body, parsed."""
        return json.loads(self.text)


def call(
    method: str, url: str, *, body: object = None, token: str | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Send a request and return the answer, whatever its status. Raises OSError when nobody answers.

    After 429 it comes back when `Retry-After` says, ten times at most: what was refused has had no effect.
    """
    sent = {"content-type": "application/json"} if body is not None else {}
    if token is not None:
        sent["authorization"] = f"Bearer {token}"
    content = None if body is None else json.dumps(body).encode()
    # The rule is about file: addresses in what users send; here they are our own.
    request = urllib.request.Request(url, data=content, method=method, headers={**sent, **(headers or {})})  # noqa: S310
    for _ in range(TRIES - 1):
        answer = _send(request)
        seconds = int(answer.headers.get("retry-after", PATIENCE_SECONDS + 1))
        if answer.status != HTTPStatus.TOO_MANY_REQUESTS or seconds > PATIENCE_SECONDS:
            return answer
        time.sleep(seconds)
    return _send(request)


def put_file(url: str, content: bytes, *, headers: Mapping[str, str]) -> Answer:
    """Send a file to a signed address and return the answer. Raises OSError when nobody answers."""
    # The address is one that the API has just signed.
    return _send(urllib.request.Request(url, data=content, method="PUT", headers=dict(headers)))  # noqa: S310


def _send(request: urllib.request.Request) -> Answer:
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return _read(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            answer = _read(refusal)
    logger.info("%s %s: %d %s", request.get_method(), request.full_url, answer.status, answer.text)
    return answer


def _read(answer: HTTPResponse | urllib.error.HTTPError) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status or 0, headers, answer.read().decode("utf-8", errors="replace"))
