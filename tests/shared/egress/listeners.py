"""Listeners on this machine: one that counts who connects, and one that answers as no server should."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager


class Listening:
    """A real listener on this machine that counts who connects."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.connections = 0
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


def answering(*parts: bytes, pause: float = 0.0, endless: bytes = b"") -> AbstractContextManager[str]:
    """Give the block the address of a server that sends these parts with pauses, and then the last for ever."""

    def serve(connection: socket.socket, done: threading.Event) -> None:
        connection.recv(65536)
        for part in parts:
            connection.sendall(part)
            done.wait(pause)
        while endless and not done.is_set():
            connection.sendall(endless)
            done.wait(pause)

    return _serving(serve)


def hesitating() -> AbstractContextManager[str]:
    """Give the block the address of a server that takes what it is sent a little at a time, and answers nothing."""

    def serve(connection: socket.socket, done: threading.Event) -> None:
        while not done.wait(0.05) and connection.recv(1024):
            pass

    return _serving(serve)


@contextlib.contextmanager
def _serving(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Serve one connection; the event is set when the block is over."""
    server = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def accept() -> None:
        connection, _ = server.accept()
        with connection, contextlib.suppress(OSError):
            serve(connection, done)

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        done.set()
        thread.join()
        server.close()
