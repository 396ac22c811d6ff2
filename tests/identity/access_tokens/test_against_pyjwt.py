"""What our verifier takes, PyJWT takes too, and both read the same of it: any token, claims of any kind and size."""

import json
import time
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import clock, config
from shared.callers import access_tokens
from shared.errors import Refusal
from tests.identity.access_tokens.issuer import Issuer

# Hypothesis asks for examples of one test: the table and the issuer are the same for all of them.
of_one_issuer = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-200, 2000).map(lambda seconds: int(time.time()) + seconds),
    st.floats(),
    st.text(max_size=10),
    st.lists(st.text(max_size=5), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
CLAIMS = ("iss", "aud", "sub", "tid", "sid", "jti", "exp", "iat", "nbf", "epoch", "roles", "scope", "amr", "auth_time")


@pytest.fixture
def issuer(aws: None) -> Issuer:
    return Issuer().publish()


def ours(token: str) -> str | None:
    """Return who calls, None when the token is refused."""
    try:
        return access_tokens.read(token, now=clock.now()).caller.user_id
    except Refusal:
        return None


def theirs(token: str, issuer: Issuer) -> str | None:
    """Return the `sub` that PyJWT reads, None when it refuses the token."""
    try:
        claims = jwt.decode(
            token,
            jwt.PyJWK(issuer.jwk, "ES256"),
            algorithms=["ES256"],
            audience=config.token_audience(),
            issuer=config.token_issuer(),
            leeway=access_tokens.SKEW_SECONDS,
            options={"require": ["iss", "aud", "sub", "jti", "exp", "iat"], "strict_aud": True},
        )
    except (jwt.InvalidTokenError, OverflowError, ValueError):
        return None
    sub: str = claims["sub"]
    return sub


def test_a_token_as_it_is_issued_is_read_the_same(issuer: Issuer):
    token = issuer.token()

    assert ours(token) == theirs(token, issuer) == issuer.user_id


@of_one_issuer
@given(name=st.sampled_from(CLAIMS), value=VALUES)
def test_claims_that_we_take_are_taken_by_pyjwt(issuer: Issuer, name: str, value: Any):
    token = issuer.token(claims={**issuer.claims(), name: value})
    caller = ours(token)

    assert caller is None or caller == theirs(token, issuer)


@of_one_issuer
@given(payload=st.binary(min_size=1, max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_a_payload_of_anything_is_refused(issuer: Issuer, payload: bytes):
    assert ours(issuer.token(claims=payload)) is None


@of_one_issuer
@given(place=st.integers(0), letter=st.sampled_from("AZaz09-_=.+/ "))
def test_a_letter_changed_refuses_the_token(issuer: Issuer, place: int, letter: str):
    token = issuer.token()
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]

    assert changed == token or ours(changed) is None


@pytest.mark.parametrize("seconds", [-61, -60, -59, 0])
def test_the_last_second_is_the_same(issuer: Issuer, seconds: int, monkeypatch: pytest.MonkeyPatch):
    now = int(time.time())
    monkeypatch.setattr(clock, "now", lambda: now * clock.SECOND)
    token = issuer.token(claims=issuer.claims(exp=now + seconds))

    assert (ours(token) is None) == (seconds <= -60)
