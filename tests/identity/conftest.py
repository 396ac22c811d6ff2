import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from moto.core.responses import BaseResponse

from tests.identity.access_tokens.issuer import Issuer
from tests.identity.oidc.browsers import running_provider
from tests.identity.oidc.oidc_provider import Provider
from tests.identity.people import Person, registered


@pytest.fixture(autouse=True)
def _stage(otp: None) -> None:
    """Give every test of identity a table, a signing key, and what second factors need."""


@pytest.fixture
def ada() -> Person:
    """Somebody who owns a tenant."""
    return registered("ada")


@pytest.fixture
def issuer() -> Issuer:
    """An issuer that the stage trusts, for a user who need not be there."""
    return Issuer().publish()


@pytest.fixture
def one_call_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto lets two winners through one condition when threads call it at once; DynamoDB does not."""
    lock = threading.Lock()
    call_action = BaseResponse.call_action

    def locked(response: BaseResponse) -> object:
        with lock:
            return call_action(response)

    monkeypatch.setattr(BaseResponse, "call_action", locked)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Stand still at noon of one day; the test moves the time on."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:
        yield time


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that the stage has a client at."""
    with running_provider(monkeypatch) as running:
        yield running
