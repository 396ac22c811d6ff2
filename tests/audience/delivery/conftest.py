from collections.abc import Iterator

import pytest

from examples.receiver.server import Receiver, running
from tests.webhooks.receiver import Receiver as Vendor
from tests.webhooks.receiver import receiving


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A server that answers as the path says, and keeps what it receives; the stage may call this machine."""
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with running(Receiver()) as server:
        yield server


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    """A server that answers with what the test says; the stage may call this machine."""
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    monkeypatch.setenv("API_URL", "https://milepost.example")
    with receiving() as server:
        yield server
