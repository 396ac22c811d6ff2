"""What the sign-in with Google may reach: its secret is for one function, and it asks the table for nothing new."""

import json
from collections.abc import Iterator

import pytest

from tests.identity.oidc.browsers import Browser, running_provider
from tests.identity.oidc.oidc_provider import Provider
from tests.infra.permissions import allowed, statements_of, used
from tests.infra.stages import Stage

__all__ = ["used"]

IDENTITY = "functions.identity.api.handler"


@pytest.fixture
def provider(otp: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with running_provider(monkeypatch) as running:
        yield running


def test_the_sign_in_with_google_calls_nothing_that_the_role_of_identity_does_not_allow(
    provider: Provider, used: set[str]
) -> None:
    first = Browser(provider).signs_in()
    again = Browser(provider).signs_in()
    provider.person |= {"sub": "somebody-who-got-the-address-later"}
    refused = Browser(provider).signs_in()

    assert [answer.status for answer in (first, again, refused)] == [200, 200, 409]
    assert used <= allowed(IDENTITY)


def test_only_identity_reads_the_secret_of_the_client(prod: Stage) -> None:
    functions = prod.of_type("AWS::Lambda::Function")
    told = {each["Handler"]: each["Environment"]["Variables"].get("OIDC_SECRET_ID") for each in functions}
    secret = json.dumps(told[IDENTITY])
    readers = {
        handler
        for handler in told
        for statement in statements_of(prod, handler)
        if "secretsmanager:GetSecretValue" in json.dumps(statement["Action"])
        and secret in json.dumps(statement["Resource"])
    }

    assert {handler for handler, known in told.items() if known is not None} == {IDENTITY}
    assert readers == {IDENTITY}
