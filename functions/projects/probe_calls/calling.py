"""One call of a probe: the guarded way out, and what is made of the answer. Nothing of it is logged."""

import time
from decimal import Decimal
from typing import Any, Final, NamedTuple

from functions.projects.probes import calls, comparison, pointer
from functions.projects.probes.answering import Sent
from functions.projects.probes.calls import Call, Called
from functions.projects.probes.comparison import NotComparable
from functions.projects.probes.pointer import NoJson, NothingThere
from shared import config
from shared.egress import client
from shared.egress.client import Limits, NotAnswered, Reply, Request

LIMITS: Final = Limits(seconds=15.0, max_bytes=64 * 1024)
_USER_AGENT: Final = "Milepost-Probes/1"
_HIDDEN: Final = "[secret]"
_PERCENTS: Final = range(101)


class Result(NamedTuple):
    """What came of a call, and the answer of the probe; None if the call has failed."""

    called: Called
    sent: Sent | None = None


class _Failed(Exception):
    """There is nothing to compare; the message is the stable name of why."""


def make(call: Call, *, secret: str | None) -> Result:
    """Call once and return what came of it."""
    begun = time.monotonic()
    body = None if call.body is None else call.body.encode()
    try:
        request = Request(call.method, call.url, _headers(call, secret), body)
        reply = client.ask(request, LIMITS, allow_loopback=config.allow_loopback_webhooks())
    except NotAnswered as failure:
        return Result(Called(_milliseconds_since(begun), failure=failure.reason))
    called = Called(_milliseconds_since(begun), reply.status)
    try:
        return judged(call, reply, called, secret=secret)
    except _Failed as failure:
        return Result(called._replace(failure=str(failure)))


def judged(call: Call, reply: Reply, called: Called, *, secret: str | None) -> Result:
    """Return what a reply means for a probe. Raises _Failed."""
    document = _document(reply)
    try:
        found = pointer.find(document, call.pointer)
        expected = pointer.read(call.expected.encode())
        is_true = comparison.holds(call.comparison, found, expected)
    except NothingThere as error:
        raise _Failed("nothing_there") from error
    except NoJson as error:
        raise _Failed("not_json") from error
    except NotComparable as error:
        raise _Failed("not_comparable") from error
    state = call.if_true if is_true else call.if_false
    progress = None if state == "done" else _progress(call, document)
    said = called._replace(found=_told(found, secret), is_true=is_true)
    return Result(said, Sent(state, "", progress))


def _document(reply: Reply) -> Any:
    if 300 <= reply.status < 400:
        raise _Failed("redirected")
    if not 200 <= reply.status < 300:
        raise _Failed("status_not_success")
    if reply.cut is not None:
        raise _Failed(reply.cut)
    try:
        return pointer.read(reply.body)
    except NoJson as error:
        raise _Failed("not_json") from error


def _progress(call: Call, document: Any) -> int | None:
    if call.progress_pointer is None:
        return None
    try:
        found = pointer.find(document, call.progress_pointer)
    except (NothingThere, NoJson) as error:
        raise _Failed("progress_unusable") from error
    # No arithmetic: a number may have thousands of digits.
    percent = next((each for each in _PERCENTS if isinstance(found, Decimal) and found == each), None)
    if percent is None:
        raise _Failed("progress_unusable")
    return percent


def _told(found: Any, secret: str | None) -> str:
    """Return what is kept of what was compared; an address that repeats the secret does not bring it out."""
    hidden = [] if secret is None else [secret, secret.rpartition(" ")[2]]
    for each in hidden:
        found = found.replace(each, _HIDDEN) if isinstance(found, str) else found
    text = comparison.written(found)
    # A number may be a secret as well.
    text = _HIDDEN if text in hidden else text
    return text if len(text) <= calls.LONGEST_FOUND else f"{text[: calls.LONGEST_FOUND - 1]}…"


def _headers(call: Call, secret: str | None) -> dict[str, str]:
    given = {each["name"]: each["value"] for each in call.headers}
    if call.secret_header is not None and secret is not None:
        given[call.secret_header] = secret
    ours = {"User-Agent": _USER_AGENT, "Accept": "application/json"}
    ours |= {"Content-Type": "application/json"} if call.body is not None else {}
    named = {each.lower() for each in given}
    return {name: value for name, value in ours.items() if name.lower() not in named} | given


def _milliseconds_since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
