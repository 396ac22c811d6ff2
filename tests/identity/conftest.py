import threading
from dataclasses import dataclass

import pytest
from moto.core.responses import BaseResponse

from tests.identity.doors import rest
from tests.identity.issuer import Issuer

PASSWORD = "a sentence is easy to remember"


@dataclass(frozen=True)
class Person:
    user_id: str
    tenant_id: str
    email: str
    password: str


@pytest.fixture(autouse=True)
def _stage(aws: None) -> None:
    """Give every test of identity a table and a signing key."""


@pytest.fixture
def ada() -> Person:
    registration = {"email": "ada@example.com", "password": PASSWORD, "display_name": "Ada Lovelace"}
    registered = rest("POST", "/api/v1/auth/register", registration).body
    return Person(registered["user_id"], registered["tenant_id"], registered["email"], PASSWORD)


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
