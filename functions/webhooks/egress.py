"""The only way out to addresses that others give: one request, to a checked address, bounded in time and size.

A name is resolved once, all that it leads to is checked, and the connection is made to such an address, with the name
in `Host` and TLS. So a name that is resolved to something else a moment later leads nowhere. Redirects are not
followed, proxies of the environment are not used, and an answer is read as far as it is kept.
"""

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import IO, Any, Final, NamedTuple, cast

from functions.webhooks import destination
from functions.webhooks.destination import Destination

TIMEOUT_SECONDS: Final = 15.0
MAX_KEPT_BYTES: Final = 2048

# What a well-behaved head takes, several times over.
_MAX_READ_BYTES = 64 * 1024
_MAX_ADDRESSES = 4
_CONNECT_SECONDS = 5.0


class NotDelivered(Exception):
    """No answer came; `reason` is the stable name of why, such as `timed_out`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Reply(NamedTuple):
    """What was answered; `body` is the beginning of it, in UTF-8 as far as it is."""

    status: int
    retry_after: str | None
    body: str


def post(url: str, body: bytes, *, headers: Mapping[str, str], allow_loopback: bool) -> Reply:
    """Send a body and return what is answered within 15 seconds. Raises NotDelivered."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    try:
        to = destination.parse(url, allow_loopback=allow_loopback)
    except ValueError as error:
        raise NotDelivered("address_not_allowed") from error
    try:
        with _connected(to, deadline, allow_loopback=allow_loopback) as connection:
            return _asked(connection, to, body, headers, deadline)
    except ssl.SSLError as error:
        raise NotDelivered("timed_out" if isinstance(error, TimeoutError) else "tls_failed") from error
    except TimeoutError as error:
        raise NotDelivered("timed_out") from error
    except OSError as error:
        raise NotDelivered("connection_failed") from error
    except http.client.HTTPException as error:
        raise NotDelivered("answer_unreadable") from error


def _connected(to: Destination, deadline: float, *, allow_loopback: bool) -> socket.socket:
    """Return a connection to the first address of a name that takes one; none is made unless all are allowed."""
    addresses = _resolved(to, deadline)
    if not all(destination.is_allowed(str(address[0]), to, allow_loopback=allow_loopback) for _, address in addresses):
        raise NotDelivered("address_not_allowed")
    for last, (family, address) in zip((*[False] * (len(addresses) - 1), True), addresses, strict=True):
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(min(_CONNECT_SECONDS, _left(deadline)))
            connection.connect(address)
            connection.settimeout(_left(deadline))
            return _secured(connection, to)
        except OSError:
            connection.close()
            if last:
                raise
    raise NotDelivered("name_not_found")


def _secured(connection: socket.socket, to: Destination) -> socket.socket:
    if not to.is_tls:
        return connection
    return ssl.create_default_context().wrap_socket(connection, server_hostname=to.host)


def _resolved(to: Destination, deadline: float) -> list[tuple[socket.AddressFamily, Any]]:
    """Return the addresses of a name. Raises NotDelivered.

    The resolver of the system knows no time-out, so it is asked from a thread that may be left behind.
    """
    found: list[tuple[socket.AddressFamily, Any]] = []

    def resolve() -> None:
        try:
            answers = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend((family, address) for family, _, _, _, address in answers[:_MAX_ADDRESSES])

    asking = threading.Thread(target=resolve, daemon=True)
    asking.start()
    asking.join(_left(deadline))
    if asking.is_alive():
        raise NotDelivered("timed_out")
    if not found:
        raise NotDelivered("name_not_found")
    return found


def _asked(
    connection: socket.socket, to: Destination, body: bytes, headers: Mapping[str, str], deadline: float
) -> Reply:
    """Send the request over the connection and return the beginning of the answer."""
    client = http.client.HTTPConnection(to.host, to.port)
    client.sock = cast("socket.socket", _Bounded(connection, deadline))
    client.request("POST", to.target, body, {"Host": to.authority, **headers})
    response = client.getresponse()
    return Reply(response.status, response.headers.get("Retry-After"), _beginning(response))


def _beginning(response: http.client.HTTPResponse) -> str:
    """Return the beginning of a body; the status has told already what there is to know."""
    try:
        return response.read(MAX_KEPT_BYTES).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return ""


class _Bounded:
    """A connection as http.client uses one, which ends when the time is over."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def sendall(self, content: bytes) -> None:
        self._connection.settimeout(_left(self._deadline))
        self._connection.sendall(content)

    def makefile(self, _mode: str) -> IO[bytes]:
        return io.BufferedReader(_Received(self._connection, self._deadline))

    def close(self) -> None:
        """Leave the connection to who opened it: http.client closes before it reads the body."""


class _Received(io.RawIOBase):
    """What comes over a connection, until the time is over or more was read than an answer needs."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._room = _MAX_READ_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._room <= 0:
            raise http.client.HTTPException("the answer is too long")
        # One byte a second would otherwise never run into a time-out.
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
