"""The outside evaluator, by its contract: it judges a KPI against a target, and tells by webhook when it is reached.

A call has a budget of time for everything, from the name's address to the last byte; there are no redirects, no second
tries, and no answer is believed that has not the promised shape. Failures in a row open the circuit (`breaker.py`).
"""

import contextlib
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from functions.milestones import number
from functions.milestones.evaluation import settings
from functions.milestones.evaluation.breaker import Breaker
from functions.milestones.report import STATUSES, Report
from shared.errors import Unavailable
from shared.observability import logger

MOST_SECONDS = 2.0
MAX_ANSWER_BYTES = 64 * 1024
_MAX_ID = 200
_MAX_REASON = 200
# Waiting is of use: too slow, the same request still in flight, too early, too often. So is any 5xx.
_PASSING = frozenset({408, 409, 425, 429})
_GONE = frozenset({404, 410})
_OUR_KEY = frozenset({401, 403})

breaker = Breaker()


class EvaluatorFailed(Exception):
    """The evaluator did not do what was asked. `was_sent` tells that it may yet do it."""

    def __init__(self, reason: str, *, was_sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.was_sent = was_sent


class EvaluatorRefused(EvaluatorFailed):
    """The evaluator refused the call itself (4xx); the same call is refused again. `reason` has its own words.

    `is_about_key` when it refused our key (401, 403) and has not looked at what was asked.
    """

    def __init__(self, reason: str, *, is_about_key: bool) -> None:
        super().__init__(reason, was_sent=False)
        self.is_about_key = is_about_key


class MilestoneLost(EvaluatorFailed):
    """The evaluator does not know the milestone any more (404, 410)."""

    def __init__(self) -> None:
        super().__init__("the evaluator does not know the milestone any more", was_sent=False)


class Effect(NamedTuple):
    """What a new target has changed there: the evaluator's own words, and what they report."""

    said: dict[str, Any]
    report: Report


def is_configured() -> bool:
    """Tell whether the stage has an evaluator; one whose secret does not answer just now, it has."""
    try:
        return settings.evaluator().url is not None
    except Unavailable:
        return True


def is_reachable(*, seconds: float) -> bool:
    """Tell whether somebody listens where the evaluator should be."""
    url = urlsplit(settings.evaluator().url or "")
    try:
        with socket.create_connection((url.hostname or "", url.port or _port(url.scheme)), timeout=seconds):
            return True
    except OSError:
        return False


def create(key: str, wanted: Mapping[str, Any], *, seconds: float) -> str:
    """Create a milestone there, or find the one that was created with this key before, and return its id.

    Raises EvaluatorRefused, EvaluatorFailed.
    """
    status, said = _call("POST", "/milestones", key, seconds=seconds, body=dict(wanted))
    _require_taken(status, said, "a new milestone")
    id_ = said.get("milestone_id")
    if status not in {200, 201} or not is_id(id_):
        raise _wrong(f"answered {status} to a new milestone, or no id")
    return str(id_)


def retarget(key: str, evaluator_id: str, target: Decimal, *, seconds: float) -> Effect:
    """Give a milestone a target there and return the effect.

    Raises MilestoneLost, EvaluatorRefused, EvaluatorFailed.
    """
    path = f"/milestones/{quote(evaluator_id, safe='')}?target={json.dumps(number.shown(target))}"
    status, said = _call("PATCH", path, key, seconds=seconds)
    if status in _GONE:
        raise MilestoneLost
    _require_taken(status, said, "a new target")
    if status != 200 or said.get("milestone_id") != evaluator_id:
        raise _wrong(f"answered {status} to a new target")
    names = ("milestone_id", "old_status", "new_status", "old_target", "new_target", "current_value", "status_changed")
    return Effect({name: said.get(name) for name in names}, _reported(said, target))


def remove(key: str, evaluator_id: str, *, seconds: float) -> None:
    """Remove a milestone there; one that is not there is removed. Raises EvaluatorRefused, EvaluatorFailed."""
    status, said = _call("DELETE", f"/milestones/{quote(evaluator_id, safe='')}", key, seconds=seconds)
    if status in _GONE:
        return
    _require_taken(status, said, "a removal")
    if status not in {200, 202, 204}:
        raise _wrong(f"answered {status} to a removal")


def is_id(value: object) -> bool:
    """Tell whether this can be an id of the evaluator: a short text that may stand in a key."""
    return isinstance(value, str) and 0 < len(value) <= _MAX_ID and value.isprintable() and not set(value) & set("# ")


def _reported(said: Mapping[str, Any], target: Decimal) -> Report:
    status, value = said.get("new_status"), said.get("current_value")
    try:
        known = None if value is None else number.read(value)
    except ValueError as error:
        raise _wrong("said a value that is no number") from error
    return Report(status if status in STATUSES else None, known, target)


def _require_taken(status: int, said: Mapping[str, Any], what: str) -> None:
    """Require that the evaluator has not refused this. Raises EvaluatorRefused."""
    if not 400 <= status < 500:
        return
    words = next((said[name] for name in ("error", "detail", "message") if isinstance(said.get(name), str)), "")
    reason = "".join(letter for letter in words if letter.isprintable())[:_MAX_REASON]
    refused = f"the evaluator refused {what}: {status} {reason}".rstrip()
    raise EvaluatorRefused(refused, is_about_key=status in _OUR_KEY)


def _call(
    method: str, path: str, key: str, *, seconds: float, body: dict[str, Any] | None = None
) -> tuple[int, dict[str, Any]]:
    """Return status and JSON object of an answer; none that may be another one soon. `key` is the Idempotency-Key."""
    place = _place()
    if not breaker.lets_through(time.monotonic()):
        raise EvaluatorFailed(
            "the evaluator failed several times in a row; waiting before the next try", was_sent=False
        )
    headers = {"X-API-Key": place.api_key, "Idempotency-Key": key, "Accept": "application/json"}
    sent = None if body is None else json.dumps(body)
    if sent is not None:
        headers["Content-Type"] = "application/json"
    try:
        exchange = _Exchange(method, f"{place.url}{path}", headers, sent)
        status, said = exchange.within(min(seconds, MOST_SECONDS))
        if status >= 500 or status in _PASSING or 300 <= status < 400:
            raise EvaluatorFailed(f"the evaluator answered {status}", was_sent=True)
        if status in _OUR_KEY:
            # It knows us no better by the next call.
            _require_taken(status, said, "our key")
    except EvaluatorFailed as failure:
        breaker.failed(time.monotonic())
        logger.warning("evaluator failed", method=method, idempotency_key=key, reason=failure.reason)
        raise
    breaker.succeeded()
    return status, said


def _place() -> settings.Evaluator:
    try:
        place = settings.evaluator()
    except Unavailable as error:
        raise EvaluatorFailed("the secret of the evaluator did not answer", was_sent=False) from error
    if place.url is None:
        raise EvaluatorFailed("the stage has no evaluator", was_sent=False)
    return place


def _wrong(what: str) -> EvaluatorFailed:
    return EvaluatorFailed(f"the evaluator {what}", was_sent=True)


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


@dataclass
class _Exchange:
    """One request and its answer, in a thread: what names, handshakes and dripping answers take is bounded only so."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None
    was_sent: bool = False
    answer: tuple[int, bytes] | None = None
    error: Exception | None = None
    connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def within(self, seconds: float) -> tuple[int, dict[str, Any]]:
        """Return status and JSON object of the answer. Raises EvaluatorFailed, after these seconds at the latest."""
        thread = threading.Thread(target=self._run, args=(seconds,), daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            self._cut()
            raise EvaluatorFailed("the evaluator did not answer in time", was_sent=True)
        if self.answer is None:
            reason = f"the evaluator could not be asked: {type(self.error).__name__}"
            raise EvaluatorFailed(reason, was_sent=self.was_sent)
        status, content = self.answer
        return status, _object(content) if status < 400 else _words(content)

    def _run(self, seconds: float) -> None:
        # What a broken server can do to http.client is not a short list; whatever it is, the call has failed.
        try:
            self._exchange(seconds)
        except Exception as error:
            self.error = error

    def _exchange(self, seconds: float) -> None:
        parts = urlsplit(self.url)
        opened = _connection(parts.scheme)(parts.hostname or "", parts.port, timeout=seconds)
        with contextlib.closing(opened) as self.connection:
            self.connection.connect()
            self.was_sent = True
            path = parts._replace(scheme="", netloc="").geturl()
            self.connection.request(self.method, path, self.body, dict(self.headers))
            with contextlib.closing(self.connection.getresponse()) as response:
                self.answer = response.status, response.read(MAX_ANSWER_BYTES + 1)

    def _cut(self) -> None:
        """Take the connection from the thread, which then ends by itself."""
        opened = getattr(self.connection, "sock", None)
        if opened is not None:
            # It may be gone already.
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)


def _connection(scheme: str) -> Callable[..., http.client.HTTPConnection]:
    if scheme == "http":
        return http.client.HTTPConnection

    def secured(host: str, port: int | None, *, timeout: float) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())

    return secured


def _words(content: bytes) -> dict[str, Any]:
    """Return what a refusal says, nothing when that is a page or anything else than a JSON object."""
    try:
        return _object(content)
    except EvaluatorFailed:
        return {}


def _object(content: bytes) -> dict[str, Any]:
    if len(content) > MAX_ANSWER_BYTES:
        raise _wrong(f"answered more than {MAX_ANSWER_BYTES} bytes")
    try:
        said = json.loads(content) if content else {}
    except (ValueError, RecursionError) as error:
        raise _wrong("answered what is not JSON") from error
    return said if isinstance(said, dict) else {}
