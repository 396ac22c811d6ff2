"""What an ID token must not be to sign anybody in with Google."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.identity.oidc.browsers import Browser
from tests.identity.oidc.oidc_provider import Provider, json_answer


@pytest.fixture
def browser(provider: Provider) -> Browser:
    return Browser(provider)


def part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


NOW = int(time.time())
WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "Google's bare name from somebody else": {"iss": "accounts.google.com"},
    "another audience": {"aud": "another-client"},
    "one audience more": {"aud": ["milepost-at-the-provider", "another-client"]},
    "no audience": {"aud": None},
    "another party": {"azp": "another-client"},
    "expired": {"exp": NOW - 3600, "iat": NOW - 7200},
    "no expiry": {"exp": None},
    "issued long ago": {"iat": NOW - 3600},
    "issued in the future": {"iat": NOW + 3600},
    "issued at a text": {"iat": "1" * 10},
    "issued never": {"iat": None},
    "another nonce": {"nonce": "A" * 43},
    "no nonce": {"nonce": None},
    "a nonce that is no text": {"nonce": ["A" * 43]},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is too long": {"sub": "1" * 256},
    "a subject that is no text": {"sub": 7},
    "an address that is none": {"email": "ada"},
}


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_an_id_token_that_says_something_else_is_refused(browser: Browser, claims: dict[str, Any]):
    browser.provider.claims = claims
    answer = browser.signs_in()

    assert (answer.status, answer.code) == (401, "InvalidIdToken")
    assert "access_token" not in answer.body


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}])
def test_an_address_that_the_provider_has_not_verified_is_refused(browser: Browser, claims: dict[str, Any]):
    browser.provider.claims = claims
    answer = browser.signs_in()

    assert (answer.status, answer.code) == (403, "EmailNotVerified")


def unsigned(_: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{part(header | {'alg': 'none'})}.{part(claims)}."


def by_the_public_key(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    pem = provider.rsa_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{part(header | {'alg': 'HS256'})}.{part(claims)}"
    mac = base64.urlsafe_b64encode(hmac.digest(pem, signed.encode(), "sha256")).rstrip(b"=").decode()
    return f"{signed}.{mac}"


def by_another_key(_: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, another, algorithm="RS256", headers=header)


def by_the_key_of_another_kind(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(claims, provider.ec_key, algorithm="ES256", headers=header | {"alg": "ES256", "kid": "rsa-1"})


def with_a_key_of_its_own(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return by_another_key(provider, header | {"jwk": provider.jwks()["keys"][0], "jku": provider.issuer}, claims)


def with_another_algorithm(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(claims, provider.rsa_key, algorithm="PS256", headers=header | {"alg": "PS256"})


def with_an_unknown_key(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(claims, provider.rsa_key, algorithm="RS256", headers=header | {"kid": "unknown"})


def with_a_critical_extension(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(claims, provider.rsa_key, algorithm="RS256", headers=header | {"crit": ["x"], "x": 1})


def that_is_huge(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(claims | {"more": "x" * 20_000}, provider.rsa_key, algorithm="RS256", headers=header)


def that_is_none(*_: object) -> str:
    return "no.token.at-all"


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        by_the_public_key,
        by_another_key,
        by_the_key_of_another_kind,
        with_a_key_of_its_own,
        with_another_algorithm,
        with_an_unknown_key,
        with_a_critical_extension,
        that_is_huge,
        that_is_none,
    ],
)
def test_an_id_token_that_the_provider_did_not_sign_as_it_should_is_refused(
    browser: Browser, sign: Callable[[Provider, dict[str, Any], dict[str, Any]], str]
):
    browser.provider.sign = lambda header, claims: sign(browser.provider, header, claims)
    answer = browser.signs_in()

    assert (answer.status, answer.code) == (401, "InvalidIdToken")


def test_an_rsa_key_that_is_too_short_verifies_nothing(browser: Browser):
    browser.provider.rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - what must be refused
    browser.provider.sign = lambda header, claims: by_hand(browser.provider, header, claims)
    answer = browser.signs_in()

    assert (answer.status, answer.code) == (401, "InvalidIdToken")


def by_hand(provider: Provider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    algorithm = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
    signed = f"{part(header)}.{part(claims)}"
    signature = base64.urlsafe_b64encode(algorithm.sign(signed.encode(), provider.rsa_key)).rstrip(b"=").decode()
    return f"{signed}.{signature}"


def test_unknown_keys_do_not_make_us_ask_again_within_a_minute(browser: Browser):
    browser.provider.sign = lambda header, claims: with_an_unknown_key(browser.provider, header, claims)
    for _ in range(3):
        browser.signs_in()

    assert browser.provider.asked.count("GET /keys") == 1
    assert browser.provider.asked.count("GET /.well-known/openid-configuration") == 1


def test_a_key_that_is_new_is_found_after_a_minute(noon: time_machine.Traveller, browser: Browser):
    browser.signs_in()
    browser.provider.rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    keys = {"keys": [jwk | {"kid": f"next-{jwk['kid']}"} for jwk in browser.provider.jwks()["keys"]]}
    browser.provider.said["/keys"] = json_answer(200, keys)
    browser.provider.header = {"kid": "next-rsa-1"}
    noon.shift(timedelta(minutes=1))

    assert browser.signs_in().status == 200
