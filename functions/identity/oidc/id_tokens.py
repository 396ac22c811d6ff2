"""ID tokens: what the provider says of who has signed in (OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725).

The one rule: algorithm and key come from our own list and from the provider's keys, never from the token. It may name
one of the keys, and that one must be of the kind that its algorithm signs with.
"""

import hmac
from collections.abc import Mapping
from typing import Any

from functions.identity.accounts import emails
from functions.identity.accounts.identities import Identity
from functions.identity.oidc.providers import Provider
from shared.callers.challenges import Unauthenticated
from shared.clock import SECOND, Instant
from shared.errors import Forbidden

# Algorithm: the type of its keys, and their curve if they have one.
KINDS = {"RS256": ("RSA", None), "ES256": ("EC", "P-256")}
SKEW_SECONDS = 60
MAX_AGE = 10 * 60 * SECOND
MAX_CHARACTERS = 16 * 1024
RSA_BITS = range(2048, 8193)

_REQUIRED = ["iss", "aud", "sub", "exp", "iat", "nonce"]
_MAX_SUBJECT = 255
_MAX_NAME = 100
# What Google's id tokens may call themselves besides (OpenID Connect Core 1.0, section 15.6.2).
_ALSO = {"https://accounts.google.com": "accounts.google.com"}


class InvalidIdToken(Unauthenticated):
    """401: what the provider says of you cannot be verified; begin again."""


class EmailNotVerified(Forbidden):
    """403: the provider has not verified your e-mail address; verify it there, then begin again."""


def verify(token: str, *, provider: Provider, client_id: str, nonce: str, now: Instant) -> Identity:
    """Return who the id token is about. Raises InvalidIdToken, EmailNotVerified, ProviderUnavailable."""
    if len(token) > MAX_CHARACTERS:
        raise _invalid()
    from jwt.exceptions import PyJWTError  # noqa: PLC0415 - it loads X.509, for which nothing else waits on a cold start

    try:
        claims = _claims(token, provider=provider, client_id=client_id, now=now)
    except (PyJWTError, ValueError, TypeError, OverflowError) as error:
        raise _invalid() from error
    if not _is_for(claims, client_id=client_id, nonce=nonce, now=now):
        raise _invalid()
    return _identity(claims, provider.issuer)


def _claims(token: str, *, provider: Provider, client_id: str, now: Instant) -> dict[str, Any]:
    import jwt  # noqa: PLC0415 - as above

    header = jwt.get_unverified_header(token)
    algorithm, key_id = header.get("alg"), header.get("kid")
    if algorithm not in KINDS or not isinstance(key_id, str) or "crit" in header:
        raise _invalid()
    published = provider.key(key_id, now=now)
    if published is None or not _fits(published, algorithm):
        raise _invalid()
    key = jwt.PyJWK(dict(published), algorithm=algorithm)
    if algorithm == "RS256" and key.key.key_size not in RSA_BITS:
        raise _invalid()
    also = _ALSO.get(provider.issuer)
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[algorithm],
        audience=client_id,
        issuer=[provider.issuer, also] if also else provider.issuer,
        leeway=SKEW_SECONDS,
        options={"require": _REQUIRED},
    )
    return claims


def _fits(published: Mapping[str, Any], algorithm: str) -> bool:
    """Tell whether a public key is one that this algorithm signs with."""
    kind, curve = KINDS[algorithm]
    if published.get("kty") != kind or published.get("crv") != curve:
        return False
    return bool(published.get("use", "sig") == "sig" and published.get("alg", algorithm) == algorithm)


def _is_for(claims: Mapping[str, Any], *, client_id: str, nonce: str, now: Instant) -> bool:
    """Tell whether the token was issued for this sign-in: for nobody else, just now, and in answer to our nonce."""
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if audiences != [client_id] or claims.get("azp", client_id) != client_id:
        return False
    issued_at, answered = claims["iat"], claims["nonce"]
    if not isinstance(issued_at, int | float) or not isinstance(answered, str):
        return False
    is_new: bool = now - issued_at * SECOND <= MAX_AGE + SKEW_SECONDS * SECOND
    return is_new and hmac.compare_digest(answered.encode(errors="replace"), nonce.encode())


def _identity(claims: Mapping[str, Any], issuer: str) -> Identity:
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= _MAX_SUBJECT or not subject.isascii():
        raise _invalid()
    if claims.get("email_verified") is not True or not isinstance(email, str):
        raise EmailNotVerified("The provider has not verified your e-mail address.")
    try:
        address = emails.known(email)
    except ValueError as error:
        raise _invalid() from error
    return Identity(issuer, subject, address, _name(claims.get("name")) or address.partition("@")[0])


def _name(name: object) -> str:
    """Return the name as we keep names, nothing when there is none."""
    text = name if isinstance(name, str) else ""
    return "".join(character for character in text if character.isprintable()).strip()[:_MAX_NAME].strip()


def _invalid() -> InvalidIdToken:
    return InvalidIdToken("What the provider says of you cannot be verified; begin again.")
