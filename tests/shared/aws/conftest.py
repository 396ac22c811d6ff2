"""A client of a server on loopback, with credentials of the environment and pauses that are not slept."""

import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from shared import pauses
from shared.aws import client, credentials
from shared.aws.client import Client
from shared.aws.wire import Limits
from tests.aws import connections
from tests.shared.aws.servers import Server

Connect = Callable[[Server], Client]


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """An event that is set when the test is over: what waits for it ends."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """Return a client of DynamoDB at a server, which waits a fifth of a second for an answer."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setattr(pauses, "time", SimpleNamespace(sleep=lambda _: None, monotonic=time.monotonic))
    monkeypatch.setattr(credentials, "_held", None)
    connections.close()

    def connected(server: Server, *, answer_seconds: float = 0.2, host: str = "127.0.0.1") -> Client:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{server.port}")
        return Client(client.DYNAMODB, Limits(1, answer_seconds))

    yield connected
    connections.close()
