"""Which request something happens for: one id from the API through events, messages and deliveries to the audit log.

A request is known by the id that API Gateway or AppSync gave it; an id that a caller sends is not believed. With it
goes a `traceparent` (https://www.w3.org/TR/trace-context-2/): the caller's if it is valid, else that of X-Ray, else a
new one. It is handed on as it came, because nothing here records spans that a new parent could name.
"""

import os
import re
from collections.abc import Mapping
from contextvars import ContextVar, Token
from typing import Any, Final, NamedTuple

# Version 00 ends with the flags, a later one may go on; there is no version ff, and no id is all zeros.
_TRACEPARENT: Final = re.compile(
    r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII
)
_REQUEST_ID: Final = re.compile(r"[!-~]{1,128}", re.ASCII)
# Sampled, and random: the flags that the specification gives a meaning.
_KNOWN_FLAGS: Final = 0x03
_TRACE_BYTES: Final = 16
_PARENT_BYTES: Final = 8
_EPOCH_DIGITS: Final = 8


class Correlation(NamedTuple):
    """What everything that one request causes has in common; no `traceparent` as long as nothing has needed one."""

    request_id: str
    traceparent: str = ""


_current: ContextVar[Correlation | None] = ContextVar("correlation", default=None)


def current() -> Correlation | None:
    """Return what is done now belongs to, as it is handed on, None outside of requests and messages.

    Most requests hand nothing on: a `traceparent` that did not come with the request is made here, when it is needed.
    """
    found = _current.get()
    if found is None or found.traceparent:
        return found
    complete = found._replace(traceparent=_of_xray(os.environ.get("_X_AMZN_TRACE_ID")) or _made())
    _current.set(complete)
    return complete


def known() -> Correlation | None:
    """Return the same for the log, with a `traceparent` only if there is one."""
    return _current.get()


def new(request_id: str, *, traceparent: str | None = None) -> Correlation:
    """Return the correlation of a request, with the `traceparent` that came with it if that is valid."""
    carried = None if traceparent is None else _carried(traceparent)
    return Correlation(request_id, carried or "")


def read(stored: Any) -> Correlation | None:
    """Return the correlation that an event or a message carries, None if it carries none that is valid."""
    if not isinstance(stored, Mapping):
        return None
    request_id, traceparent = stored.get("request_id"), stored.get("traceparent")
    if not isinstance(request_id, str) or not _REQUEST_ID.fullmatch(request_id) or not isinstance(traceparent, str):
        return None
    carried = _carried(traceparent)
    return None if carried is None else Correlation(request_id, carried)


def enter(correlation: Correlation | None) -> Token[Correlation | None]:
    """Let what is done from now on belong to a request, or to none; `leave` ends that."""
    return _current.set(correlation)


def leave(token: Token[Correlation | None]) -> None:
    """Let what is done from now on belong to what it did before `enter`."""
    _current.reset(token)


def xray_header(traceparent: str) -> str:
    """Return a valid `traceparent` as X-Ray writes it, without `Sampled`: no caller decides what X-Ray records.

    https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
    """
    _, trace_id, parent_id, _ = traceparent.split("-")
    return f"Root=1-{trace_id[:_EPOCH_DIGITS]}-{trace_id[_EPOCH_DIGITS:]};Parent={parent_id}"


def _carried(traceparent: str) -> str | None:
    """Return a `traceparent` as version 00 writes it, None if it is not valid."""
    match = _TRACEPARENT.fullmatch(traceparent)
    if match is None:
        return None
    version, trace_id, parent_id, flags, more = match.groups()
    if version == "00" and more is not None:
        return None
    return f"00-{trace_id}-{parent_id}-{int(flags, 16) & _KNOWN_FLAGS:02x}"


def _of_xray(header: str | None) -> str | None:
    """Return the `traceparent` of what Lambda says of the trace of an invocation, None if it says none.

    `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`, and maybe more.
    """
    if not header:
        return None
    said = dict(part.partition("=")[::2] for part in header.split(";"))
    sampled = "01" if said.get("Sampled") == "1" else "00"
    trace_id = said.get("Root", "").removeprefix("1-").replace("-", "")
    return _carried(f"00-{trace_id}-{said.get('Parent', '')}-{sampled}")


def _made() -> str:
    return f"00-{os.urandom(_TRACE_BYTES).hex()}-{os.urandom(_PARENT_BYTES).hex()}-00"
