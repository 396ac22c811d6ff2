"""Fixtures of senders: credentials, and a provider that answers in named ways and counts what it receives."""

from collections.abc import Iterator

import pytest

from examples.receiver.server import Receiver, running
from shared.sending import mail, sns


@pytest.fixture(autouse=True)
def new_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    for remembered in (mail.client, sns.client):
        remembered.cache_clear()
    yield
    for remembered in (mail.client, sns.client):
        remembered.cache_clear()


@pytest.fixture
def provider() -> Iterator[Receiver]:
    with running(Receiver()) as provider:
        yield provider
