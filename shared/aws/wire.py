"""One HTTPS exchange with a service of AWS: connections that are kept, checked before they are used again, and bounded.

A connection is kept for the next exchange with its endpoint, of whichever thread. It may have been closed by the other
side while the function was frozen, so it is looked at before it is used, and not used after a minute of rest. What is
closed all the same while a request is on its way is told as `NoAnswer`, since nobody knows whether the request took
effect. Proxies of the environment are not asked: no stage has one.
"""

import functools
import io
import os
import select
import socket
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any, Final, NamedTuple, cast

from shared.aws.endpoints import Endpoint

# DynamoDB answers 1 MB and what stands around it, EventBridge and SQS less.
MAX_BYTES: Final = 8 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_FIRST_FINAL: Final = 200
# What lies between may forget a connection without a word, and the first to use it again would wait in vain.
_IDLE_SECONDS: Final = 60


class Answer(NamedTuple):
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswer(Exception):
    """No whole answer came back; the request may have taken effect."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


class Limits(NamedTuple):
    """How long to wait for a connection, and for the whole answer, in seconds."""

    connect_seconds: float
    answer_seconds: float


class _Kept(NamedTuple):
    """A connection, and when it was last used by the clock that goes on while a function is frozen."""

    sock: socket.socket
    used_at: float


_idle: dict[Endpoint, list[_Kept]] = {}
"""The connections that no exchange uses. Taking from a list and adding to it are atomic, so no lock is needed."""


def send(
    endpoint: Endpoint,
    headers: Mapping[str, str],
    body: bytes,
    limits: Limits,
    *,
    method: str = "POST",
    target: str = "/",
) -> Answer:
    """Send the body to a path, with its query if it has one, and return the whole answer. Raises NoAnswer."""
    request = _request(f"{method} {target}", headers, body)
    sock = _taken(endpoint) or _connected(endpoint, limits.connect_seconds)
    try:
        answer = _exchange(sock, request, time.monotonic() + limits.answer_seconds)
    except (OSError, HTTPException, ValueError) as error:
        sock.close()
        raise NoAnswer(repr(error), timed_out=isinstance(error, TimeoutError)) from error
    except BaseException:
        # Otherwise it would stay open as long as anybody keeps the traceback.
        sock.close()
        raise
    if answer.headers.get("connection", "").lower() == "close":
        sock.close()
    else:
        _idle.setdefault(endpoint, []).append(_Kept(sock, time.time()))
    return answer


def _request(asked: str, headers: Mapping[str, str], body: bytes) -> bytes:
    said = "".join(headers.values())
    if not (said.isascii() and said.isprintable()):
        raise ValueError("a header holds what none may hold")
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    return f"{asked} HTTP/1.1\r\n{lines}content-length: {len(body)}\r\n\r\n".encode() + body


def _exchange(sock: socket.socket, request: bytes, deadline: float) -> Answer:
    sock.settimeout(max(deadline - time.monotonic(), 0.001))
    sock.sendall(request)
    response = HTTPResponse(cast("socket.socket", _Reader(sock, deadline)), method="POST")
    response.begin()
    if response.status < _FIRST_FINAL:
        # The answer is still to come, and would be taken for that of the next exchange.
        raise ValueError(f"{response.status} is not the end of an answer")
    if response.length is None and not response.chunked:
        raise ValueError("it does not say how long it is")
    body = response.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    if response.length:
        raise IncompleteRead(body, response.length)
    return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, body)


def _taken(endpoint: Endpoint) -> socket.socket | None:
    """Return a connection that was kept and can be used, and close those that cannot."""
    kept, now = _idle.get(endpoint, []), time.time()
    while kept:
        try:
            sock, used_at = kept.pop()
        except IndexError:  # another thread took it
            break
        if now - used_at < _IDLE_SECONDS and not _is_readable(sock):
            return sock
        sock.close()
    return None


def _connected(endpoint: Endpoint, seconds: float) -> socket.socket:
    try:
        return _connect(endpoint, seconds)
    except OSError as error:
        raise NoAnswer(repr(error), timed_out=isinstance(error, TimeoutError)) from error


def _connect(endpoint: Endpoint, seconds: float) -> socket.socket:
    sock = socket.create_connection((endpoint.host, endpoint.port), timeout=seconds)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _context().wrap_socket(sock, server_hostname=endpoint.host) if endpoint.is_secure else sock
    except BaseException:
        sock.close()
        raise


def _is_readable(sock: socket.socket) -> bool:
    """Return whether there is something to read before anything was asked: the end, or what belongs to nobody."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


class _Bounded(io.RawIOBase):
    """The bytes of a socket up to a deadline, however slowly they come."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer did not come in time")
        self._sock.settimeout(left)
        return self._sock.recv_into(buffer)


class _Reader:
    """What `http.client` reads an answer from instead of the socket."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._made = io.BufferedReader(_Bounded(sock, deadline), _CHUNK)

    def makefile(self, _mode: str) -> io.BufferedIOBase:
        return self._made


@functools.cache
def _context() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE") or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
