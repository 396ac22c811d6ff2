"""The only way out to addresses that others give: one request, to a checked address, bounded in time and size.

A name is resolved once, every address that it leads to is checked, and the connection is made to one of these, with the
name in `Host` and TLS. So a name that is resolved to something else a moment later leads nowhere. Redirects are not
followed, proxies of the environment are not used, and an answer is read as far as the caller asks.
"""

import http.client
import io
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import IO, Any, NamedTuple, cast

from shared.egress import destination
from shared.egress.destination import PORTS, Destination

# What a well-behaved head and the frames of a chunked body take, several times over.
_MAX_FRAME_BYTES = 64 * 1024
_MAX_ADDRESSES = 4
# https://www.rfc-editor.org/rfc/rfc9110#name-tokens; of values, what is the same in every encoding.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*", re.ASCII)
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer"})


class NotAnswered(Exception):
    """No answer came; `reason` is the stable name of why, such as `timed_out`.

    `was_sent` says that the request had begun to go out, so that it may have had its effect.
    """

    def __init__(self, reason: str, *, was_sent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.was_sent = was_sent


class Limits(NamedTuple):
    """What a request may take: seconds from the resolved name to the last byte, and bytes of the body."""

    seconds: float
    max_bytes: int
    connect_seconds: float = 5.0


class Reply(NamedTuple):
    """What was answered. `body` is what came of it within the limits; `cut` is why that is not all, None if it is."""

    status: int
    retry_after: str | None
    body: bytes
    cut: str | None


class Request(NamedTuple):
    """What is asked: a method, headers and a body for a URL."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


def ask(
    request: Request, limits: Limits, *, allow_loopback: bool = False, ports: frozenset[int] | None = PORTS
) -> Reply:
    """Send a request once and return the answer. Raises NotAnswered.

    `allow_loopback` and `ports` say where it may go, as in `destination.parse`.
    """
    deadline = time.monotonic() + limits.seconds
    _require_plain(request.headers)
    try:
        to = destination.parse(request.url, allow_loopback=allow_loopback, ports=ports)
    except ValueError as error:
        raise NotAnswered("address_not_allowed") from error
    try:
        connection = _connected(to, deadline, limits, allow_loopback=allow_loopback)
    except OSError as error:
        raise NotAnswered(_reason(error)) from error
    with connection:
        try:
            return _asked(connection, to, request, deadline, limits)
        except (OSError, http.client.HTTPException) as error:
            raise NotAnswered(_reason(error), was_sent=True) from error


def _reason(error: Exception) -> str:
    """Return the name of a failure; one of TLS may be a time-out."""
    if isinstance(error, TimeoutError):
        return "timed_out"
    if isinstance(error, ssl.SSLError):
        return "tls_failed"
    return "connection_failed" if isinstance(error, OSError) else "answer_unreadable"


def is_allowed(header: str) -> bool:
    """Return whether a request may have a header of this name: the framing of the request is left to us."""
    return bool(_HEADER_NAME.fullmatch(header)) and header.lower() not in _OURS


def _require_plain(headers: Mapping[str, str]) -> None:
    """Require headers that are one line each and leave the framing of the request to us. Raises NotAnswered."""
    for name, value in headers.items():
        if not is_allowed(name) or not _HEADER_VALUE.fullmatch(value):
            raise NotAnswered("header_not_allowed")


def _connected(to: Destination, deadline: float, limits: Limits, *, allow_loopback: bool) -> socket.socket:
    """Return a connection to the first address of a name that takes one; none is made unless all are allowed."""
    found = _resolved(to, deadline)
    if not all(destination.is_allowed(str(address[0]), to, allow_loopback=allow_loopback) for _, address in found):
        raise NotAnswered("address_not_allowed")
    addresses = found[:_MAX_ADDRESSES]
    for last, (family, address) in zip((*[False] * (len(addresses) - 1), True), addresses, strict=True):
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(min(limits.connect_seconds, _left(deadline)))
            connection.connect(address)
            connection.settimeout(_left(deadline))
            return _secured(connection, to)
        except OSError:
            connection.close()
            if last:
                raise
    raise NotAnswered("name_not_found")


def _secured(connection: socket.socket, to: Destination) -> socket.socket:
    if not to.is_tls:
        return connection
    return ssl.create_default_context().wrap_socket(connection, server_hostname=to.host)


def _resolved(to: Destination, deadline: float) -> list[tuple[socket.AddressFamily, Any]]:
    """Return the addresses of a name. Raises NotAnswered.

    The resolver of the system knows no time-out, so it is asked from a thread that may be left behind.
    """
    found: list[tuple[socket.AddressFamily, Any]] = []

    def resolve() -> None:
        try:
            answers = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend((family, address) for family, _, _, _, address in answers)

    asking = threading.Thread(target=resolve, daemon=True)
    asking.start()
    asking.join(_left(deadline))
    if asking.is_alive():
        raise NotAnswered("timed_out")
    if not found:
        raise NotAnswered("name_not_found")
    return found


def _asked(connection: socket.socket, to: Destination, request: Request, deadline: float, limits: Limits) -> Reply:
    """Send the request over the connection and return the answer."""
    client = http.client.HTTPConnection(to.host, to.port)
    client.sock = cast("socket.socket", _Bounded(connection, deadline, _MAX_FRAME_BYTES + limits.max_bytes))
    client.request(request.method, to.target, request.body, {"Host": to.authority, **request.headers})
    response = client.getresponse()
    body, cut = _body(response, limits.max_bytes)
    return Reply(response.status, response.headers.get("Retry-After"), body, cut)


def _body(response: http.client.HTTPResponse, max_bytes: int) -> tuple[bytes, str | None]:
    """Return what can be read of a body, and why that is not all; the status is known and is not lost with it."""
    kept = bytearray()
    try:
        while len(kept) <= max_bytes and (more := response.read1(max_bytes + 1 - len(kept))):
            kept += more
    except (OSError, http.client.HTTPException) as error:
        return bytes(kept[:max_bytes]), _reason(error)
    if len(kept) > max_bytes:
        return bytes(kept[:max_bytes]), "answer_too_long"
    return bytes(kept), "connection_failed" if response.length else None


class _Bounded:
    """A connection as http.client uses one, which ends when the time is over."""

    def __init__(self, connection: socket.socket, deadline: float, max_bytes: int) -> None:
        self._connection = connection
        self._deadline = deadline
        self._max_bytes = max_bytes

    def sendall(self, content: bytes) -> None:
        rest = memoryview(content)
        # Who takes a byte a second would otherwise never run into a time-out.
        while rest:
            self._connection.settimeout(_left(self._deadline))
            rest = rest[self._connection.send(rest) :]

    def makefile(self, _mode: str) -> IO[bytes]:
        return io.BufferedReader(_Received(self._connection, self._deadline, self._max_bytes))

    def close(self) -> None:
        """Leave the connection to who opened it: http.client closes before it reads the body."""


class _Received(io.RawIOBase):
    """What comes over a connection, until the time is over or more was read than an answer needs."""

    def __init__(self, connection: socket.socket, deadline: float, room: int) -> None:
        self._connection = connection
        self._deadline = deadline
        self._room = room

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._room <= 0:
            raise http.client.HTTPException("the answer is too long")
        self._connection.settimeout(_left(self._deadline))
        count = self._connection.recv_into(memoryview(buffer)[: self._room])
        self._room -= count
        return count


def _left(deadline: float) -> float:
    """Return the seconds that are left. Raises TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
