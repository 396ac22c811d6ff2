"""A DynamoDB that answers at once: canned answers over loopback HTTP, in a process of its own.

It looks for a marker in a request and does nothing else, so what is measured is the caller.
"""

import contextlib
import json
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

Rules = Sequence[tuple[str, str]]
"""Markers and answers: a request gets the answer of the first marker that its head or body holds."""

_LENGTH = b"content-length:"
_ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def serving(rules: Rules) -> Iterator[str]:
    """Yield the address of a table that answers by these rules, as long as the context lasts."""
    command = [sys.executable, "-m", "tests.bench.instant_table"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(rules) + "\n")
            process.stdin.flush()
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def _serve(rules: Rules) -> None:
    ready = [(marker.encode(), _response(answer.encode())) for marker, answer in rules]
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            connection, _ = server.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_answer_all, args=(connection, ready), daemon=True).start()


def _answer_all(connection: socket.socket, ready: Sequence[tuple[bytes, bytes]]) -> None:
    """Answer every request of a connection until the caller closes it."""
    received = b""
    with connection:
        while True:
            head, separator, body = received.partition(b"\r\n\r\n")
            if separator and len(body) >= (length := _length(head)):
                connection.sendall(next(answer for marker, answer in ready if marker in received))
                received = body[length:]
                continue
            chunk = connection.recv(262_144)
            if not chunk:
                return
            received += chunk


def _length(head: bytes) -> int:
    start = head.lower().index(_LENGTH) + len(_LENGTH)
    return int(head[start:].partition(b"\r\n")[0])


def _response(body: bytes) -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: bench\r\n"
        f"x-amz-crc32: {zlib.crc32(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    _serve(json.loads(sys.stdin.readline()))
