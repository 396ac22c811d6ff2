"""One request to the API: sent again while it is only too early, and a refusal turned into a stop.

Whatever is sent again has one effect: a POST carries an `Idempotency-Key`, and what was refused with 429 had no effect.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from milepost_cli import __name__ as product
from milepost_cli.stops import Misused, Refused, Unavailable, of_answer

TRIES = 6
MOST_PATIENCE_SECONDS = 60
SECONDS = 60

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_PREFIX = "/api/v1"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked: `path` begins after `/api/v1`; `again` says that a lost request may be sent once more."""

    method: str
    path: str
    body: Any = None
    query: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    again: bool = True


class Api:
    """A stage of Milepost at an address."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None, pause: Callable[[float], None]) -> None:
        self.url = address(url)
        self._http = client(self.url, transport=transport)
        self._http.headers["accept"] = "application/json, image/svg+xml"
        self._pause = pause

    def send(self, request: Request) -> httpx.Response:
        """Return the answer of a request that was granted.

        Raises the stop of the refusal, Unavailable when nobody answers or the API asks for more than a minute.
        """
        content = None if request.body is None else _json(request.body)
        for attempt in range(TRIES):
            answer = self._once(request, content, last=attempt == TRIES - 1)
            seconds = 2.0**attempt / 4 if answer is None else _wait(answer, attempt, request)
            if answer is not None and seconds is None:
                return _granted(answer)
            self._pause(seconds or 0)
        raise Unavailable(f"{self.url} is asked too often or not well: {TRIES} tries were in vain.")

    def _once(self, request: Request, content: bytes | None, *, last: bool) -> httpx.Response | None:
        """Return what came back, None when nothing did and the request may be sent again."""
        typed = {} if content is None else {"content-type": "application/json"}
        try:
            return self._http.request(
                request.method,
                f"{self.url}{_PREFIX}{request.path}",
                content=content,
                params=request.query,
                headers={**typed, **(request.headers or {})},
            )
        except httpx.TransportError as error:
            if last or not request.again:
                raise Unavailable(f"{self.url} does not answer: {error or type(error).__name__}") from error
            return None


def client(url: str, *, transport: httpx.BaseTransport | None) -> httpx.Client:
    """Return what sends requests to an address; what runs on this machine is not asked for through a proxy."""
    is_elsewhere = urlsplit(url).hostname not in _LOOPBACK
    return httpx.Client(transport=transport, timeout=SECONDS, trust_env=is_elsewhere, headers={"user-agent": product})


def _json(body: Any) -> bytes:
    """Return a body as it is sent. Raises Refused for what JSON cannot say, such as half a character or no number."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refused(f"This cannot be sent: it holds a character or a number that JSON has not ({error}).") from error


def address(url: str) -> str:
    """Return the address of a stage without the path of its API.

    Raises Misused for no address at all, and for one that would send secrets in the clear over a network.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise Misused(f"{url} is not the address of a stage, such as https://api.example.com")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise Misused("http: would show the password to the network; the address must begin with https:")
    return url.rstrip("/").removesuffix(_PREFIX)


def _wait(answer: httpx.Response, attempt: int, request: Request) -> float | None:
    """Return how many seconds to wait before the request is sent again, None when the answer is one."""
    if answer.status_code != 429 and not (answer.status_code == 503 and request.again):
        return None
    asked = answer.headers.get("retry-after", "")
    seconds = float(asked) if asked.isdigit() else 2.0**attempt / 4
    last = attempt == TRIES - 1
    return None if last or seconds > MOST_PATIENCE_SECONDS else seconds


def _granted(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    is_json = answer.headers.get("content-type", "").partition(";")[0].endswith(("/json", "+json"))
    problem = answer.json() if is_json else {}
    raise of_answer(answer.status_code, problem if isinstance(problem, dict) else {})
