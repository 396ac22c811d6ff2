"""Evaluators that answer one connection in some manner."""

import itertools
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import boto3
import pytest

from functions.milestones.evaluation import settings as stage
from shared import ids
from tests.milestones.conftest import API_KEY

Speak = Callable[[socket.socket], None]


def point_at(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.dumps({"url": f"http://127.0.0.1:{port}", "api_key": API_KEY})
    made = boto3.client("secretsmanager").create_secret(Name=ids.new("secret"), SecretString=said)
    monkeypatch.setenv("EVALUATOR_SECRET_ID", made["ARN"])
    stage.forget()
    stage.evaluator()


@contextmanager
def listening(speak: Speak) -> Iterator[int]:
    """Answer one connection in some manner, and say at which port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            try:
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    speak(connection)
            except OSError:
                return

        thread = threading.Thread(target=run)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def dripping(text: bytes, waits: list[bytes]) -> Speak:
    """Send a byte every 50 ms, or none of no text, until the other side has gone; note every wait."""

    def speak(connection: socket.socket) -> None:
        connection.settimeout(0.05)
        for byte in itertools.islice(itertools.cycle(text or [None]), 1000):
            if byte is not None:
                connection.sendall(bytes([byte]))
            try:
                if not connection.recv(65536):
                    return
            except TimeoutError:
                waits.append(text)

    return speak


def said(text: bytes) -> Speak:
    return lambda connection: connection.sendall(text)
