"""What becomes of a connection whose exchange did not end as it should."""

import signal
import socket
import threading
from collections.abc import Iterator
from typing import Never

import pytest

from tests.shared.aws.conftest import Connect
from tests.shared.aws.servers import answers, serving

OK = answers(b'{"a": 1}')


class Interrupted(BaseException):
    """What a signal makes of whatever the process is doing."""


@pytest.fixture
def _interruptible() -> Iterator[None]:
    def interrupt(*_: object) -> Never:
        raise Interrupted

    before = signal.signal(signal.SIGUSR1, interrupt)
    yield
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_exchange_that_was_interrupted_leaves_no_connection(connect: Connect):
    def interrupts(sock: socket.socket, _: bytes) -> None:
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGUSR1)
        assert sock.recv(1) == b""
        was_closed.set()

    was_closed = threading.Event()
    with serving(interrupts, OK) as server:
        made = connect(server, answer_seconds=10)
        # The traceback is kept, and with it all that the call knew.
        with pytest.raises(Interrupted) as interrupted:
            made.call("GetItem", {})

        assert was_closed.wait(5)
        assert made.call("GetItem", {}) == {"a": 1}
        assert (len(server.requests), server.connections) == (2, 2)
        assert interrupted.value.__traceback__ is not None


def test_an_answer_behind_an_interim_one_is_not_taken_for_the_next(connect: Connect):
    def hints_and_answers(sock: socket.socket, request: bytes) -> None:
        sock.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        # The rest comes with the next request, if that comes here.
        if rest := sock.recv(1):
            answers(b'{"answer": "to the one before"}')(sock, rest + request)

    with serving(hints_and_answers, OK) as server:
        assert connect(server).call("GetItem", {}) == {"a": 1}

    assert server.connections == 2


def test_an_answer_after_a_hundred_is_read(connect: Connect):
    def continues(sock: socket.socket, request: bytes) -> None:
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        OK(sock, request)

    with serving(continues) as server:
        made = connect(server)
        assert [made.call("GetItem", {}), made.call("GetItem", {})] == [{"a": 1}] * 2

    assert server.connections == 1
