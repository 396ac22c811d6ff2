"""Access tokens, read: from a JWT to the caller it names (RFC 9068, RFC 8725).

The one rule: nothing of a token is believed before its signature is verified with a key from the table, and nothing
in a token says how it is to be verified. There is one header, one algorithm and one issuer, so no library for all of
them is loaded (docs/decisions/0050-own-verifier.md); tests hold what is taken here against PyJWT.
"""

import base64
import functools
import json
import operator
import re
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from shared import config
from shared.callers import verification_keys
from shared.callers.caller import Caller
from shared.callers.challenges import InvalidToken, TokenExpired
from shared.clock import SECOND, Instant

SKEW_SECONDS = 60

_MAX_CHARACTERS = 4096
# 86 characters are the 64 bytes of a raw ES256 signature: DER, cut off and missing ones end here, before any read.
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}", re.ASCII)
# What `header` returns, as identity writes it.
_HEADER = re.compile(rb'\{"alg":"ES256","kid":"([A-Za-z0-9_-]{43})","typ":"at\+jwt"\}')
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_ECDSA = ec.ECDSA(SHA256())
_CLAIMS: Final = {
    "iss": str,
    "aud": str,
    "sub": str,
    "tid": str,
    "sid": str,
    "jti": str,
    "exp": int,
    "iat": int,
    "roles": list,
    "scope": str,
    "amr": list,
    "auth_time": int,
    "epoch": int,
}
"""What we issue; `nbf` and `mfa` may be there, too."""
_KINDS: Final = [*_CLAIMS.values()]
_claimed = operator.itemgetter(*_CLAIMS)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token that verifies: who calls, in which epoch of the user it was issued, and until when it verifies."""

    caller: Caller
    session_id: str
    epoch: int
    until: Instant


def header(key_id: str) -> dict[str, str]:
    """Return the header of every access token, the only one that is accepted."""
    return {"alg": verification_keys.ALGORITHM, "kid": key_id, "typ": "at+jwt"}


def read(token: str, *, now: Instant) -> AccessToken:
    """Return what the token says; whether it has been revoked is not asked here.

    Raises InvalidToken or TokenExpired; Unavailable when the signing keys cannot be read.
    """
    key = _public_key(_key_id(token), now)
    signed, _, signature = token.rpartition(".")
    _verify(key, signed.encode(), _decoded(signature))
    try:
        claims = json.loads(_decoded(signed.partition(".")[2]).decode())
    except (ValueError, RecursionError) as error:
        raise _forged() from error
    return _from_claims(claims, now)


def _verify(key: ec.EllipticCurvePublicKey, signed: bytes, signature: bytes) -> None:
    """Require that the key has signed this: two numbers of 32 bytes (RFC 7518, section 3.4)."""
    numbers = utils.encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        key.verify(numbers, signed, _ECDSA)
    except InvalidSignature as error:
        raise _forged() from error


def _decoded(part: str) -> bytes:
    """Return the bytes of a part. Raises InvalidToken unless this is the one way to write them (RFC 4648, 3.5)."""
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError as error:
        raise _malformed() from error
    # Three bytes have one spelling; what is left at the end, one byte or two, has others.
    rest = len(raw) % 3
    if rest and base64.urlsafe_b64encode(raw[-rest:]).rstrip(b"=") != part[-rest - 1 :].encode():
        raise _malformed()
    return raw


def _key_id(token: str) -> str:
    """Return the `kid` of a token whose header is exactly the one we write.

    `jku`, `x5u`, `jwk`, `crit` and whatever else may stand in a header refuse the token instead of being ignored.
    """
    if len(token) > _MAX_CHARACTERS or not _SHAPE.fullmatch(token):
        raise _malformed()
    return _key_id_of(token.partition(".")[0])


@functools.lru_cache(maxsize=16)
def _key_id_of(header_part: str) -> str:
    # Every token of a key has the same; what is refused is not remembered.
    found = _HEADER.fullmatch(_decoded(header_part))
    if found is None:
        raise _malformed()
    return found[1].decode()


def _malformed() -> InvalidToken:
    return InvalidToken("The access token is malformed or not signed as this API signs.")


def _forged() -> InvalidToken:
    return InvalidToken("The access token is forged or was not issued for this API.")


def _public_key(key_id: str, now: Instant) -> ec.EllipticCurvePublicKey:
    key = verification_keys.find(key_id, now=now)
    if key is None:
        raise InvalidToken("The access token is signed with a key that is not in use here.")
    return key


def _from_claims(claims: Any, now: Instant) -> AccessToken:
    """Return what the claims say. Raises TokenExpired, and InvalidToken for others than we issue for this API."""
    try:
        kinds = [type(value) for value in _claimed(claims)]
    except (KeyError, TypeError) as error:
        raise _incomplete() from error
    if kinds != _KINDS or not all(map(_ID.fullmatch, (claims["sub"], claims["tid"], claims["sid"]))):
        raise _incomplete()
    if claims["iss"] != config.token_issuer() or claims["aud"] != config.token_audience():
        raise _forged()
    _require_present(claims["iat"], claims.get("nbf", claims["iat"]), claims["exp"], now / SECOND)
    caller = Caller(
        user_id=claims["sub"],
        tenant_id=claims["tid"],
        roles=tuple(map(str, claims["roles"])),
        scopes=frozenset(claims["scope"].split()),
        key_id=None,
        amr=tuple(map(str, claims["amr"])),
        auth_time=claims["auth_time"],
        session_id=claims["sid"],
        owes_second_factor=claims.get("mfa") is True,
    )
    return AccessToken(caller, claims["sid"], claims["epoch"], (claims["exp"] + SKEW_SECONDS) * SECOND)


def _incomplete() -> InvalidToken:
    return InvalidToken("The access token lacks a claim that this API needs.")


def _require_present(issued_at: int, begins_at: object, expires_at: int, seconds: float) -> None:
    """Require that a token has begun and not expired, give or take a minute. Raises InvalidToken, TokenExpired."""
    if not isinstance(begins_at, int) or max(issued_at, begins_at) > seconds + SKEW_SECONDS:
        raise _forged()
    if expires_at <= seconds - SKEW_SECONDS:
        raise TokenExpired("The access token has expired; refresh it or sign in again.")
