"""Tables that many threads may use at once: moto under one lock, and a MiniStack of our own on a free loopback port.

moto alone lets two winners through one condition, and copies the whole table in every transaction.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from moto.core.responses import BaseResponse
from moto.dynamodb.models.table import StreamShard

from infra.stage.ministack import CREDENTIALS, MiniStack
from tests.aws import hooks, ports
from tests.conftest import make_table


@contextmanager
def table_on_locked_moto() -> Iterator[None]:
    """Give the block a new table in this process that does one thing at a time."""
    lock, unlocked = threading.Lock(), BaseResponse.call_action

    def locked(response: BaseResponse) -> Any:
        with lock:
            return unlocked(response)

    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseResponse, "call_action", locked)
        # moto keeps the records of the stream with the table, and so would copy all of them in every transaction too.
        patch.setattr(StreamShard, "add", lambda *_: None)
        make_table()
        with _client_of_its_own():
            yield


@contextmanager
def server(state: Path) -> Iterator[str]:
    """Start a MiniStack, give the block its address, and stop it."""
    ministack = MiniStack(state=state, port=ports.free())
    ministack.start()
    try:
        yield ministack.endpoint
    finally:
        ministack.stop()


@contextmanager
def table_at(endpoint: str) -> Iterator[None]:
    """Give the block a new table on a server."""
    with pytest.MonkeyPatch.context() as patch:
        # It refuses whoever it does not know.
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.setenv("TABLE_NAME", f"milepost-{secrets.token_hex(8)}")
        make_table()
        with _client_of_its_own():
            yield


@contextmanager
def _client_of_its_own() -> Iterator[None]:
    hooks.forget()
    try:
        yield
    finally:
        hooks.forget()
