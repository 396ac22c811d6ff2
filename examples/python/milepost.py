"""What the examples share: one function that calls Milepost. Nothing but the standard library of Python 3.11.

`MILEPOST_API` is the address of the API, as in `.milepost/env`. Calls are made as `MILEPOST_EMAIL` with
`MILEPOST_PASSWORD`, or with `MILEPOST_TOKEN`, an access token that you have already.
"""

import functools
import json
import os
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

API = os.environ["MILEPOST_API"]
PATIENCE_SECONDS = 60


class Refused(Exception):
    """Milepost refused; `problem` is what it said (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem['code']}: {problem['detail']}")
        self.status, self.problem = status, problem


def call(method: str, path: str, body: object = None, *, idempotency_key: str | None = None) -> Any:
    """Call as whoever is signed in and return the answer, None when it has no body. Raises Refused."""
    return send(method, path, body, token=token(), idempotency_key=idempotency_key)


@functools.cache
def token() -> str:
    """Return the access token of this run; it is good for 15 minutes."""
    return os.environ.get("MILEPOST_TOKEN") or sign_in()["access_token"]


def sign_in() -> dict[str, Any]:
    """Return the tokens of a new session. Raises Refused."""
    credentials = {"email": os.environ["MILEPOST_EMAIL"], "password": os.environ["MILEPOST_PASSWORD"]}
    tokens: dict[str, Any] = send("POST", "/auth/login", credentials)
    return tokens


def send(
    method: str, path: str, body: object = None, *, token: str | None = None, idempotency_key: str | None = None
) -> Any:
    """Send a request, and again when Milepost asks to come back later. Raises Refused.

    A POST has an idempotency key, so that it has one effect however often it is sent.
    """
    headers = {"content-type": "application/json", "idempotency-key": idempotency_key or str(uuid.uuid4())}
    if token:
        headers["authorization"] = f"Bearer {token}"
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, content, headers, method=method)
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as refusal:
            if refusal.code not in {429, 503} or time.monotonic() > give_up:
                raise Refused(refusal.code, json.load(refusal)) from None
            time.sleep(int(refusal.headers.get("retry-after", 1)))
