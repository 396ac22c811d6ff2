"""The demo user of a stage that runs in this process: requests go straight to the functions."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import time_machine

from functions.goals import api, resolver
from functions.identity import api as identity_api
from infra.demo.account import Account
from infra.stage.client import Answer
from tests.aws.entries import call, http_event
from tests.identity.access_tokens.issuer import Issuer


def send(
    method: str, url: str, *, body: object = None, token: str | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Take a request to its function as API Gateway does."""
    address = urlsplit(url)
    credential = {} if token is None else {"authorization": f"Bearer {token}"}
    event = http_event(method, address.path, body, headers={**credential, **(headers or {})}, query=address.query)
    is_of_goals = address.path.startswith("/api/v1/goals")
    context = (api.handler, resolver.api) if is_of_goals else (identity_api.handler, identity_api.api)
    answer = call(*context, event)
    return Answer(answer.status, answer.headers, json.dumps(answer.body))


@pytest.fixture
def noon() -> Iterator[None]:
    """It is noon of 2026-11-20, and stays so."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def account(aws: None, noon: None) -> Account:
    """Somebody who is signed in and has no goals."""
    issuer = Issuer(user_id="user_01KAFWZZ2C4E6G8J0K3M5N7PQR", tenant_id="tenant_01KAFWZZ2C4E6G8J0K3M5N7PQS").publish()
    return Account(api_url="https://api.example", token=issuer.token(), send=send)
