"""What the AppSync authorizer answers; the forgeries stand in access_tokens/forgeries.py."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run

import pytest
import time_machine

from functions.identity import authorizer
from shared.aws.client import NoAnswer
from shared.callers import auth
from shared.callers.auth import Caller
from shared.errors import Unavailable
from tests.aws import hooks
from tests.aws.entries import Context
from tests.identity.access_tokens.issuer import Issuer
from tests.identity.entries import appsync, rest
from tests.identity.people import Person

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_caller_arrives_at_the_resolvers(ada: Person):
    token = rest("POST", "/api/v1/auth/login", {"email": ada.email, "password": ada.password}).body["access_token"]

    answer = appsync(token)

    caller = auth.from_resolver_context(answer["resolverContext"])
    assert answer["isAuthorized"] is True
    assert caller == auth.from_token(token)
    assert (caller.user_id, caller.tenant_id, caller.roles) == (ada.user_id, ada.tenant_id, ("owner",))


@pytest.mark.parametrize("spelling", ["{}", "Bearer {}", "bearer {}", "  Bearer   {} "])
def test_the_token_is_taken_with_and_without_the_word_bearer(issuer: Issuer, spelling: str):
    answer = appsync(spelling.format(issuer.token()))

    assert answer["isAuthorized"] is True


@pytest.mark.parametrize("event", [{}, {"authorizationToken": None}, {"authorizationToken": ""}])
def test_nobody_is_not_let_in(event: dict):
    answer = authorizer.handler(event, Context())

    assert answer == {"isAuthorized": False}


def test_the_answer_is_kept_no_longer_than_a_minute_after_the_token_was_verified(issuer: Issuer):
    with time_machine.travel(NOON, tick=False) as time:
        token = issuer.token()
        first = appsync(token)
        time.shift(40)
        second = appsync(token)

    # A second less than a minute, for the way from here to AppSync.
    assert first["ttlOverride"] == 59
    assert second["ttlOverride"] == 19


def test_the_answer_is_kept_no_longer_than_the_token_verifies(issuer: Issuer):
    with time_machine.travel(NOON, tick=False):
        ends_soon = issuer.token(claims=issuer.claims(exp=int(NOON.timestamp()) - 40))
        ends_now = issuer.token(claims=issuer.claims(exp=int(NOON.timestamp()) - 59))

        assert appsync(ends_soon)["ttlOverride"] == 19
        assert appsync(ends_now)["ttlOverride"] == 0


@pytest.mark.parametrize("operation", ["Query", "BatchGetItem"])
def test_a_table_that_does_not_answer_is_not_the_callers_fault(issuer: Issuer, operation: str):
    token = issuer.token()
    hooks.register(f"before-call.dynamodb.{operation}", _break_off)

    with pytest.raises(Unavailable):
        appsync(token)


def _break_off(**_: object) -> None:
    raise NoAnswer("unreachable")


def test_what_the_resolver_context_carries_is_text():
    caller = Caller("user_1", "tenant_1", ("admin", "member"), frozenset({"goals:read"}), None, ("pwd", "otp"), None)

    carried = auth.to_resolver_context(caller)

    assert all(isinstance(value, str) for value in carried.values())
    assert auth.from_resolver_context(carried) == caller


def test_a_resolver_without_an_authorizer_in_front_knows_nobody():
    with pytest.raises(auth.MissingCredential):
        auth.from_resolver_context({})


def test_the_authorizer_starts_without_boto3_pydantic_and_powertools():
    heavy = "{'boto3', 'botocore', 'pydantic', 'aws_lambda_powertools'}"
    code = f"import sys, functions.identity.authorizer; print(sorted({heavy} & set(sys.modules)))"

    started = run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())

    assert started.stdout.strip() == "[]"
