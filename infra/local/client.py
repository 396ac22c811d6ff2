"""A small HTTP client for the local stage, for what the deployment itself has to ask of the API."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

# Thirty functions starting at once on a busy laptop take their time.
SECONDS = 180

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
    """Send a request and return the answer, whatever its status. Raises OSError when nobody answers."""
    sent = {"content-type": "application/json"} if body is not None else {}
    if token is not None:
        sent["authorization"] = f"Bearer {token}"
    content = None if body is None else json.dumps(body).encode()
    # The rule is about file: addresses in what users send; here they are our own.
    request = urllib.request.Request(url, data=content, method=method, headers={**sent, **(headers or {})})  # noqa: S310
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return _read(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return _read(refusal)


def _read(answer: HTTPResponse | urllib.error.HTTPError) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status or 0, headers, answer.read().decode("utf-8", errors="replace"))
