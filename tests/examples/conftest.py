from collections.abc import Iterator

import pytest

from examples.provider.server import Provider, running
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with running(Provider()) as server:
        yield server


@pytest.fixture
def customer(fake: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Where receipts go."""
    with receiving() as server:
        fake.account.receipt_url = f"{server.url}?provider=prv_1"
        monkeypatch.setenv("API_URL", server.url)
        yield server
