import threading

import pytest
from moto.core.responses import BaseResponse

from tests.identity.issuer import Issuer
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
