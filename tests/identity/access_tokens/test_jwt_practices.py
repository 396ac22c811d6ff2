"""RFC 8725, JSON Web Token best current practices: which forgery of forgeries.py holds which of its sections.

There each of them is tried twice, over REST and at the AppSync authorizer. Section 3.5 asks for keys that cannot be
guessed: ours are made by KMS (tests/identity/access_tokens/test_rotating.py), and no secret is shared.
"""

from collections import Counter

import pytest

from shared.callers import api_keys
from tests.aws import hooks
from tests.identity.access_tokens.forgeries import FORGERIES
from tests.identity.access_tokens.issuer import Issuer
from tests.identity.entries import appsync, bearer, rest
from tests.identity.people import Person
from tests.identity.second_factor.authenticators import enrolled

HELD = {
    "3.1 Perform Algorithm Verification": [
        "alg none, unsigned",
        "alg none, signed",
        "alg nOnE, unsigned",
        "alg none, a magic third part",
        "alg missing",
        "alg twice",
        "HS256 with the public key",
        "HS512 with the public key",
        "ES256 said, HMAC with the public key",
    ],
    "3.2 Use Appropriate Algorithms": ["alg RS256", "signature as DER"],
    "3.3 Validate All Cryptographic Operations": [
        "another key under this kid",
        "another key and its own kid",
        "payload swapped",
        "signature cut off",
        "signature missing",
        "two parts",
        "four parts",
    ],
    "3.4 Validate Cryptographic Inputs": ["signature of r=s=0", "signature spelled otherwise", "padded"],
    "3.6 Avoid Compression of Encryption Inputs": ["zip", "oversize"],
    "3.7 Use UTF-8": [
        "header no JSON",
        "header no object",
        "header no UTF-8",
        "header as long as no bytes are",
        "header in UTF-16",
        "header with a byte order mark",
        "header with a space",
        "payload in UTF-16",
        "payload in UTF-32",
        "header nested too deep",
        "payload no JSON",
        "payload no object",
        "not ASCII",
        "half a surrogate",
    ],
    "3.8 Validate Issuer and Subject": [
        "iss missing",
        "iss of somebody else",
        "iss with a slash more",
        "sub missing",
        "sub a number",
        "sub that reaches into other keys",
        "tid missing",
        "tid that reaches into other keys",
    ],
    "3.9 Use and Validate Audience": ["aud missing", "aud of another API", "aud a list with ours"],
    "3.10 Do Not Trust Received Claims": [
        "kid missing",
        "kid of nobody",
        "kid as a path",
        "kid as a key of the table",
        "kid with a line feed",
        "kid as a list",
        "jku",
        "x5u",
        "x5c",
        "jwk",
        "crit",
        "crit b64",
        "sid that reaches into other keys",
    ],
    "3.11 Use Explicit Typing": ["typ missing", "typ of an ID token"],
    "3.12 Use Mutually Exclusive Validation Rules for Different Kinds of JWTs": [
        "exp missing",
        "exp as text",
        "exp infinite",
        "expired",
        "iat missing",
        "iat in the future",
        "nbf in the future",
        "sid missing",
        "jti missing",
        "epoch missing",
        "epoch as text",
        "epoch of the future",
        "roles missing",
        "scope missing",
        "auth_time as text",
        "twice in one header",
        "twice, joined by a comma",
        "with a line feed",
        "no token",
        "empty",
        "an opaque secret",
    ],
}
# Its signature is as long as ours, so it is the key of the table that shows it wrong.
NEEDS_THE_KEY = {"ES256 said, HMAC with the public key", "kid of nobody", "sid that reaches into other keys"}
UNREAD = [
    name
    for title, names in HELD.items()
    if title.split()[0] in {"3.1", "3.6", "3.10", "3.11"}
    for name in names
    if name not in NEEDS_THE_KEY
]
READS = {"GetItem", "BatchGetItem", "Query"}


def test_every_forgery_holds_one_practice():
    assert Counter(name for names in HELD.values() for name in names) == Counter(FORGERIES.keys())
    assert len(FORGERIES) >= 25


@pytest.mark.parametrize("name", [*UNREAD, "signature missing", "signature cut off", "signature as DER", "two parts"])
def test_what_is_unsigned_or_malformed_or_tells_how_to_verify_it_costs_no_read(issuer: Issuer, name: str):
    forged = FORGERIES[name](issuer)
    called: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, **_: called.append(model.name))

    answer = rest("GET", "/api/v1/auth/me", headers=bearer(forged))
    authorized = appsync(forged)

    assert (answer.status, answer.code, authorized) == (401, "InvalidToken", {"isAuthorized": False})
    assert READS.intersection(called) == set()


@pytest.mark.parametrize("kind", ["refresh token", "mfa token", "invitation", "API key"])
def test_what_proves_something_else_is_no_access_token(ada: Person, kind: str):
    here = ada.signs_in()
    if kind == "refresh token":
        other = here.refresh_token
    elif kind == "mfa token":
        other = enrolled(here).first_step()
    elif kind == "invitation":
        other = here.post("/api/v1/invitations", {"email": "bob@example.com", "role": "owner"}).body["token"]
    else:
        other = api_keys.new().text

    answer = rest("GET", "/api/v1/auth/me", headers=bearer(other))

    assert (answer.status, answer.code) == (401, "InvalidToken")
