"""Step-up over REST and GraphQL: who must prove their second factor once more, and what they are told (RFC 9470)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from shared.api import document
from shared.api.graphql import Fields
from shared.api.request import Response
from shared.api.rest import Api, answer, handler
from shared.callers import auth, step_up
from shared.callers.auth import Caller
from shared.callers.step_up import RECENT_SECOND_FACTOR, RECENT_SIGN_IN
from tests.aws.entries import Answer, Context, appsync_event, http_event
from tests.identity.access_tokens.issuer import Issuer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW = int(NOON.timestamp())
SCOPE = "identity:read"

api = Api()
fields = Fields()


@api.operation(
    "POST", "/api/v1/vault", scope=SCOPE, summary="Open", answers={204: None}, assurance=RECENT_SECOND_FACTOR
)
def open_vault() -> Response:
    """Open the vault."""
    return answer(204)


@api.operation("GET", "/api/v1/vault", scope=SCOPE, summary="Look", answers={204: None})
def look_at_vault() -> Response:
    """Look at the vault."""
    return answer(204)


@fields.field("Mutation", "openVault", scope=SCOPE, assurance=RECENT_SECOND_FACTOR)
def open_vault_by_field() -> str:
    """Open the vault."""
    return "open"


@fields.field("Mutation", "changeLock", scope=SCOPE, assurance=RECENT_SIGN_IN)
def change_lock_by_field() -> str:
    """Change the lock."""
    return "changed"


@pytest.fixture
def issuer(aws: None):
    with time_machine.travel(NOON, tick=False):
        yield Issuer().publish()


def knock(issuer: Issuer, method: str = "POST", **claims: Any) -> Answer:
    headers = {"authorization": f"Bearer {issuer.token(claims=issuer.claims(**claims))}"}
    response = handler(api)(http_event(method, "/api/v1/vault", headers=headers), Context())
    return Answer(response["statusCode"], json.loads(response["body"] or "null"), response["headers"])


def ask(issuer: Issuer, field: str = "openVault", **claims: Any) -> Any:
    caller = auth.from_token(issuer.token(claims=issuer.claims(**claims)))
    carried = auth.to_resolver_context(caller)
    return fields.resolve(appsync_event("Mutation", field, {}, resolver_context=carried), Context())


LETS_IN = [
    pytest.param({"mfa": False, "amr": ["pwd"], "auth_time": NOW - 9000}, id="no second factor enrolled"),
    pytest.param({"amr": ["pwd"]}, id="a token from before there were second factors"),
    pytest.param({"mfa": True, "amr": ["pwd", "otp"], "auth_time": NOW}, id="proved now"),
    pytest.param({"mfa": True, "amr": ["pwd", "otp"], "auth_time": NOW - 300}, id="proved five minutes ago"),
]
REFUSES = [
    pytest.param({"mfa": True, "amr": ["pwd"], "auth_time": NOW}, id="only the password"),
    pytest.param({"mfa": True, "amr": ["pwd", "otp"], "auth_time": NOW - 301}, id="proved too long ago"),
    pytest.param({"mfa": True, "amr": [], "auth_time": NOW}, id="proved nothing"),
    pytest.param({"mfa": True, "amr": ["otpx", "pwd"], "auth_time": NOW}, id="proved something else"),
]


@pytest.mark.parametrize("claims", LETS_IN)
def test_who_is_known_surely_enough_comes_in(issuer: Issuer, claims: dict):
    assert knock(issuer, **claims).status == 204
    assert ask(issuer, **claims) == "open"


@pytest.mark.parametrize("claims", REFUSES)
def test_who_is_not_must_prove_the_second_factor(issuer: Issuer, claims: dict):
    by_rest, by_graphql = knock(issuer, **claims), ask(issuer, **claims)

    assert (by_rest.status, by_rest.code) == (401, "STEP_UP_REQUIRED")
    assert by_graphql["error"]["code"] == "STEP_UP_REQUIRED"
    assert by_graphql["error"]["details"]["status"] == 401


def test_the_challenge_says_what_is_asked_for_and_how_fresh(issuer: Issuer):
    challenge = knock(issuer, mfa=True).headers["WWW-Authenticate"]

    assert challenge.startswith('Bearer realm="milepost", error="insufficient_user_authentication", ')
    assert challenge.endswith('acr_values="urn:milepost:acr:otp", max_age=300')


@pytest.mark.parametrize(("seconds_ago", "mfa"), [(0, False), (300, False), (300, True)])
def test_a_recent_sign_in_is_enough_where_it_is_asked_for(issuer: Issuer, seconds_ago: int, mfa: bool):  # noqa: FBT001
    assert ask(issuer, "changeLock", amr=["pwd"], mfa=mfa, auth_time=NOW - seconds_ago) == "changed"


@pytest.mark.parametrize("amr", [["pwd"], ["pwd", "otp"]])
def test_an_old_sign_in_is_not_enough_where_a_recent_one_is_asked_for(issuer: Issuer, amr: list[str]):
    refused = ask(issuer, "changeLock", amr=amr, auth_time=NOW - 301)

    assert refused["error"]["code"] == "STEP_UP_REQUIRED"


def test_a_service_is_asked_for_no_sign_in():
    service = Caller("user_1", "tenant_1", (), frozenset(), "0123456789ab", (), None)

    step_up.require(service, RECENT_SIGN_IN, now=NOW * 1000)
    with pytest.raises(auth.Unauthenticated):
        step_up.require_proof(service, now=NOW * 1000)


def test_only_the_operations_that_say_so_ask_for_it(issuer: Issuer):
    assert knock(issuer, "GET", mfa=True).status == 204


def test_the_scope_is_asked_for_first(issuer: Issuer):
    assert knock(issuer, mfa=True, scope="goals:read").code == "InsufficientScope"


@pytest.mark.parametrize("claim", ["true", 1, [True], {"enrolled": True}])
def test_only_a_true_claim_says_that_a_factor_is_enrolled(issuer: Issuer, claim: Any):
    assert knock(issuer, mfa=claim).status == 204


def test_a_token_does_not_stay_fresh(issuer: Issuer):
    caller = Caller("user_1", "tenant_1", ("owner",), frozenset(), None, ("pwd", "otp"), NOW, owes_second_factor=True)
    later = int((NOON + timedelta(minutes=5, seconds=1)).timestamp() * 1000)

    step_up.require(caller, RECENT_SECOND_FACTOR, now=NOW * 1000)
    with pytest.raises(auth.Unauthenticated):
        step_up.require(caller, RECENT_SECOND_FACTOR, now=later)


def test_an_operation_documents_that_it_asks_for_more():
    operations = document.of(api.routes)["paths"]["/api/v1/vault"]

    assert operations["post"]["x-assurance"] == "recent_second_factor"
    assert (
        "STEP_UP_REQUIRED" in operations["post"]["responses"]["401"]["content"]["application/problem+json"]["examples"]
    )
    assert "x-assurance" not in operations["get"]
