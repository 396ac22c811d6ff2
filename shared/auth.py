"""Who calls: from a credential to a caller, the same for REST and for AppSync.

The one rule: nothing of a token is believed before its signature is verified with a key from the table, and nothing
in a token says how it is to be verified (RFC 8725).

    Unauthenticated            401
    ├── MissingCredential      no credential, or a scheme other than Bearer
    ├── InvalidToken           malformed, forged, or for somebody else
    │   └── TokenExpired       was good; sign in again
    └── UnknownApiKey          no API keys are issued yet, so none is known
    AmbiguousCredential        400  a bearer token and an API key at once
    InsufficientScope          403  a known caller without the scope

The AppSync authorizer is a cold start of its own: nothing is imported here but PyJWT; the table only for a read.
"""

import base64
import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jwt

from shared import clock, config, verification_keys
from shared.attributes import Key
from shared.clock import SECOND, Instant
from shared.errors import FieldError, Forbidden, Malformed, Refusal

_SKEW_SECONDS = 60
_MAX_TOKEN_CHARACTERS = 4096
# 86 characters are the 64 bytes of a raw ES256 signature: DER, cut off and missing ones end here, before any read.
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}", re.ASCII)
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)

_VERIFIED_KEPT = 60 * SECOND
_MAX_VERIFIED = 1000


class Unauthenticated(Refusal):
    """401: no valid credential; `WWW-Authenticate` says which is wanted (RFC 6750, section 3)."""

    status = 401
    error: ClassVar[str] = ""

    def __init__(
        self, detail: str, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        challenge = {"WWW-Authenticate": _challenge(self.error, detail)}
        super().__init__(detail, errors=errors, headers={**challenge, **(headers or {})})


class MissingCredential(Unauthenticated):
    """401: the request carries no bearer token."""


class InvalidToken(Unauthenticated):
    """401: the token is malformed, forged, or was not issued for this API."""

    error = "invalid_token"


class TokenExpired(InvalidToken):
    """401: the token was good and has expired; sign in again."""


class UnknownApiKey(Unauthenticated):
    """401: the API key is not known."""


class AmbiguousCredential(Malformed):
    """400: more than one credential, so it cannot be said who calls."""


class InsufficientScope(Forbidden):
    """403: the caller is known and was not granted the scope this asks for."""

    @classmethod
    def of(cls, scope: str) -> "InsufficientScope":
        """Return the refusal that names the scope to ask for."""
        detail = f"This needs the scope {scope}."
        challenge = f'{_challenge("insufficient_scope", detail)}, scope="{scope}"'
        return cls(detail, headers={"WWW-Authenticate": challenge})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls and what they may do. `auth_time` is in seconds since 1970, as in the token."""

    user_id: str
    tenant_id: str
    roles: tuple[str, ...]
    scopes: frozenset[str]
    key_id: str | None
    amr: tuple[str, ...]
    auth_time: int | None


@dataclass(frozen=True, slots=True)
class Verified:
    """A caller, and until when that may be remembered: 60 seconds at most, and never past the token's `exp`."""

    caller: Caller
    until: Instant


_verified: OrderedDict[bytes, Verified] = OrderedDict()
_CREDENTIAL_HEADERS = frozenset({"authorization", "x-api-key"})


def from_headers(headers: Mapping[str, str]) -> Caller:
    """Return the caller of an HTTP request; header names in any case, a token in the query string never counts.

    Raises AmbiguousCredential, MissingCredential, UnknownApiKey, InvalidToken or TokenExpired.
    """
    return verify(bearer_token(headers)).caller


def from_token(token: str) -> Caller:
    """Return the caller whom the access token names. Raises InvalidToken or TokenExpired."""
    return verify(token).caller


def bearer_token(headers: Mapping[str, str]) -> str:
    """Return the token of the Authorization header, not verified yet.

    Raises AmbiguousCredential, MissingCredential or UnknownApiKey.
    """
    credentials = [(name.lower(), value) for name, value in headers.items() if name.lower() in _CREDENTIAL_HEADERS]
    if len(credentials) > 1:
        raise AmbiguousCredential("Send one credential: either Authorization or X-API-Key.")
    if not credentials:
        raise MissingCredential("Send an access token: Authorization: Bearer <token>.")
    name, value = credentials[0]
    if name == "x-api-key":
        raise UnknownApiKey("This API key is not known.")
    scheme, _, token = value.strip(" ").partition(" ")
    if scheme.lower() != "bearer":
        raise MissingCredential("Send an access token: Authorization: Bearer <token>.")
    return token.strip(" ")


def verify(token: str) -> Verified:
    """Return the caller whom the access token names, and how long that holds without verifying again.

    Raises InvalidToken or TokenExpired; Unavailable when the signing keys cannot be read.
    """
    now = clock.now()
    digest = hashlib.sha256(token.encode(errors="replace")).digest()
    kept = _verified.get(digest)
    if kept is not None and now < kept.until:
        return kept
    verified = _verify(token, now)
    _verified[digest] = verified
    if len(_verified) > _MAX_VERIFIED:
        _verified.popitem(last=False)
    return verified


def require(caller: Caller, scope: str) -> None:
    """Return when the caller was granted the scope. Raises InsufficientScope."""
    if scope not in caller.scopes:
        raise InsufficientScope.of(scope)


def forget() -> None:
    """Let go of every key and caller this process remembers, so that the next token is verified from the table."""
    verification_keys.forget()
    _verified.clear()


def to_resolver_context(caller: Caller) -> dict[str, str]:
    """Return the caller as AppSync's `resolverContext`, which carries strings only."""
    return {
        "user_id": caller.user_id,
        "tenant_id": caller.tenant_id,
        "roles": " ".join(caller.roles),
        "scopes": " ".join(sorted(caller.scopes)),
        "key_id": caller.key_id or "",
        "amr": " ".join(caller.amr),
        "auth_time": "" if caller.auth_time is None else str(caller.auth_time),
    }


def from_resolver_context(context: Mapping[str, str]) -> Caller:
    """Return the caller whom the authorizer let in. Raises MissingCredential when it let in nobody."""
    if not context.get("user_id"):
        raise MissingCredential("Send an access token in the Authorization header.")
    return Caller(
        user_id=context["user_id"],
        tenant_id=context["tenant_id"],
        roles=tuple(context["roles"].split()),
        scopes=frozenset(context["scopes"].split()),
        key_id=context["key_id"] or None,
        amr=tuple(context["amr"].split()),
        auth_time=int(context["auth_time"]) if context["auth_time"] else None,
    )


def token_header(key_id: str) -> dict[str, str]:
    """Return the header of every access token, the only one that is accepted."""
    return {"alg": verification_keys.ALGORITHM, "kid": key_id, "typ": "at+jwt"}


def membership_key(tenant_id: str, user_id: str) -> Key:
    """Return the key of the item that is there as long as the user belongs to the tenant, to check in a transaction."""
    return Key(f"TENANT#{tenant_id}", f"MEMBER#{user_id}")


def _verify(token: str, now: Instant) -> Verified:
    key = _public_key(_key_id(token), now)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[verification_keys.ALGORITHM],
            audience=config.token_audience(),
            issuer=config.token_issuer(),
            leeway=_SKEW_SECONDS,
            options={"require": ["iss", "aud", "sub", "tid", "exp", "iat"], "strict_aud": True},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenExpired("The access token has expired; sign in again.") from error
    except jwt.InvalidTokenError as error:
        raise InvalidToken("The access token is forged or was not issued for this API.") from error
    return Verified(_caller(claims), min(now + _VERIFIED_KEPT, int(claims["exp"]) * SECOND))


def _key_id(token: str) -> str:
    """Return the `kid` of a token whose header is exactly the one we write.

    `jku`, `x5u`, `jwk`, `crit` and whatever else may stand in a header refuse the token instead of being ignored.
    """
    if len(token) > _MAX_TOKEN_CHARACTERS or not _TOKEN.fullmatch(token):
        raise _malformed()
    encoded = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (ValueError, RecursionError) as error:
        raise _malformed() from error
    match header:
        case {"kid": str(key_id)} if header == token_header(key_id) and _KEY_ID.fullmatch(key_id):
            return key_id
    raise _malformed()


def _malformed() -> InvalidToken:
    return InvalidToken("The access token is malformed or not signed as this API signs.")


def _public_key(key_id: str, now: Instant) -> jwt.PyJWK:
    key = verification_keys.find(key_id, now=now)
    if key is None:
        raise InvalidToken("The access token is signed with a key that is not in use here.")
    return key


def _caller(claims: dict[str, Any]) -> Caller:
    match claims:
        case {
            "sub": str(user_id),
            "tid": str(tenant_id),
            "roles": list(roles),
            "scope": str(scope),
            "amr": list(amr),
            "auth_time": int(auth_time),
        } if _ID.fullmatch(user_id) and _ID.fullmatch(tenant_id):
            return Caller(
                user_id=user_id,
                tenant_id=tenant_id,
                roles=tuple(map(str, roles)),
                scopes=frozenset(scope.split()),
                key_id=None,
                amr=tuple(map(str, amr)),
                auth_time=auth_time,
            )
    raise InvalidToken("The access token lacks a claim that this API needs.")


def _challenge(error: str, detail: str) -> str:
    challenge = 'Bearer realm="milepost"'
    return f'{challenge}, error="{error}", error_description="{detail}"' if error else challenge
