from collections.abc import Iterator

import pytest

from examples.receiver.server import Receiver, running


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A server that answers as the path says, and keeps what it receives; the stage may call this machine."""
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with running(Receiver()) as server:
        yield server
