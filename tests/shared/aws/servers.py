"""A server on loopback that does with each request in turn what a test says, and keeps what it was sent."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Act = Callable[[socket.socket, bytes], None]
"""What is done with a connection after a whole request, the second argument, was read from it."""


@dataclass
class Server:
    """Its port, the requests that came whole, and how many connections were made."""

    port: int
    acts: list[Act]
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


def answers(body: bytes, *, status: str = "200 OK", **headers: str) -> Act:
    """Answer with this body and these headers; `x_amz_crc32` is `x-amz-crc32`."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status}\r\n{lines}content-length: {len(body)}\r\n\r\n".encode()
    return lambda sock, _: sock.sendall(head + body)


def sends(raw: bytes) -> Act:
    """Send these bytes, whatever they are, and close."""

    def act(sock: socket.socket, _: bytes) -> None:
        sock.sendall(raw)
        sock.shutdown(socket.SHUT_RDWR)

    return act


def echoes(sock: socket.socket, request: bytes) -> None:
    """Answer with the body of the request."""
    answers(request.partition(b"\r\n\r\n")[2])(sock, request)


def closes(sock: socket.socket, _: bytes) -> None:
    """Close the connection without a word."""
    sock.shutdown(socket.SHUT_RDWR)


def is_silent(over: threading.Event) -> Act:
    """Say nothing until the test is over."""
    return lambda *_: over.wait(30) and None


def drips(head: bytes, over: threading.Event) -> Act:
    """Send a beginning, then a byte every now and then until the test is over."""

    def act(sock: socket.socket, _: bytes) -> None:
        sock.sendall(head)
        while not over.wait(0.05):
            sock.sendall(b" ")

    return act


@contextmanager
def serving(*acts: Act, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve each request as the next act says; the last one is repeated."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        server = Server(listener.getsockname()[1], list(acts))
        threading.Thread(target=_accept, args=(listener, server, tls), daemon=True).start()
        yield server


def _accept(listener: socket.socket, server: Server, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        server.connections += 1
        threading.Thread(target=_serve, args=(sock, server, tls), daemon=True).start()


def _serve(sock: socket.socket, server: Server, tls: ssl.SSLContext | None) -> None:
    try:
        with tls.wrap_socket(sock, server_side=True) if tls else sock as talking:
            while request := _read(talking):
                server.requests.append(request)
                act = server.acts.pop(0) if len(server.acts) > 1 else server.acts[0]
                act(talking, request)
    except OSError:
        return


def _read(sock: socket.socket) -> bytes:
    """Return a whole request, nothing when there is none any more."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = sock.recv(65536)
        if not part:
            return b""
        raw += part
    head, _, body = raw.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += sock.recv(65536)
    return head + b"\r\n\r\n" + body
