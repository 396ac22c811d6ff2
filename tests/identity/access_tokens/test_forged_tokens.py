"""Every way a token can be wrong, over REST and at the authorizer. What a case changes stands in the case."""

import pytest

from tests.identity.access_tokens.forgeries import FORGERIES, Forgery, _soon
from tests.identity.access_tokens.issuer import Issuer
from tests.identity.entries import appsync, bearer, rest
from tests.identity.people import Person


def test_the_token_that_the_forgeries_are_made_of_is_good(issuer: Issuer, ada: Person):
    token = issuer.token(claims=issuer.claims(sub=ada.user_id, tid=ada.tenant_id))

    assert rest("GET", "/api/v1/auth/me", headers=bearer(token)).status == 200
    assert appsync(token)["isAuthorized"] is True
    assert appsync(f"Bearer {token}")["isAuthorized"] is True


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_token_opens_neither_door(issuer: Issuer, forge: Forgery):
    forged = forge(issuer)

    answer = rest("GET", "/api/v1/auth/me", headers=bearer(forged))
    authorized = [appsync(forged), appsync(f"Bearer {forged}")]

    assert answer.status == 401
    assert answer.code in {"InvalidToken", "TokenExpired", "TokenRevoked"}
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="milepost", error="invalid_token"')
    assert authorized == [{"isAuthorized": False}] * 2


def test_an_expired_token_says_that_it_has_expired(issuer: Issuer):
    token = issuer.token(claims=issuer.claims(iat=_soon(-1000), exp=_soon(-100)))

    answer = rest("GET", "/api/v1/auth/me", headers=bearer(token))

    assert (answer.status, answer.code) == (401, "TokenExpired")


def test_an_expired_token_of_another_key_does_not_say_that_it_has_expired(issuer: Issuer):
    token = issuer.token(claims=issuer.claims(exp=_soon(-100)), sign=lambda _: b"\1" * 64)

    answer = rest("GET", "/api/v1/auth/me", headers=bearer(token))

    assert (answer.status, answer.code) == (401, "InvalidToken")


def test_clocks_may_differ_by_a_minute(issuer: Issuer):
    behind = issuer.token(claims=issuer.claims(iat=_soon(50)))
    ahead = issuer.token(claims=issuer.claims(exp=_soon(-50)))

    assert appsync(behind)["isAuthorized"] is True
    assert appsync(ahead)["isAuthorized"] is True


def test_a_token_in_the_query_string_is_ignored(issuer: Issuer):
    answer = rest("GET", "/api/v1/auth/me", query=f"access_token={issuer.token()}")

    assert (answer.status, answer.code) == (401, "MissingCredential")


def test_no_credential_is_asked_for_without_an_error(issuer: Issuer):
    answer = rest("GET", "/api/v1/auth/me")

    assert (answer.status, answer.code) == (401, "MissingCredential")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="milepost"'


def test_another_scheme_is_no_credential(issuer: Issuer):
    answer = rest("GET", "/api/v1/auth/me", headers={"authorization": "Basic YWRhOnNlY3JldA=="})

    assert (answer.status, answer.code) == (401, "MissingCredential")
    assert appsync("Basic YWRhOnNlY3JldA==") == {"isAuthorized": False}


def test_two_credentials_at_once_are_a_400_and_no_way_in(issuer: Issuer):
    token = issuer.token()

    answer = rest("GET", "/api/v1/auth/me", headers={**bearer(token), "x-api-key": "mlp_local_a_key"})

    assert (answer.status, answer.code) == (400, "AmbiguousCredential")
    assert appsync(token, headers={"X-Api-Key": "mlp_local_a_key"}) == {"isAuthorized": False}


def test_a_forged_api_key_is_refused(issuer: Issuer):
    answer = rest("GET", "/api/v1/auth/me", headers={"x-api-key": "mlp_local_a_key"})

    assert (answer.status, answer.code) == (401, "ApiKeyMalformed")


def test_a_token_without_the_scope_is_a_403_that_names_it(issuer: Issuer):
    token = issuer.token(claims=issuer.claims(scope="goals:read identity:reader"))

    answer = rest("GET", "/api/v1/auth/me", headers=bearer(token))

    assert (answer.status, answer.code) == (403, "InsufficientScope")
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert 'scope="identity:read"' in answer.headers["WWW-Authenticate"]
