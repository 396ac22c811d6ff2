"""Who calls: from a credential to a caller, the same for REST and for AppSync.

A token that verifies (`access_tokens.py`) and was not revoked (`revocations.py`) becomes a caller, and so does an API
key that is good (`api_keys.py`); everything else is a refusal (`challenges.py`). Either outcome is remembered for a
minute: a credential costs at most one read a minute and instance, and a revocation is visible after 60 seconds at the
latest.

The AppSync authorizer is a cold start of its own: nothing heavy is imported here; the table only for a read.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

from shared import clock
from shared.callers import access_tokens, api_keys, revocations, verification_keys
from shared.callers.caller import ANY_RESTRICTION, Caller, from_resolver_context, to_resolver_context
from shared.callers.challenges import (
    AmbiguousCredential,
    ApiKeyDisabled,
    ApiKeyExpired,
    ApiKeyMalformed,
    ApiKeyRevoked,
    InsufficientScope,
    InvalidToken,
    MissingCredential,
    TokenExpired,
    TokenRevoked,
    Unauthenticated,
    UnknownApiKey,
)
from shared.clock import SECOND, Instant
from shared.storage.attributes import Key

__all__ = [
    "AmbiguousCredential",
    "ApiKeyDisabled",
    "ApiKeyExpired",
    "ApiKeyMalformed",
    "ApiKeyRevoked",
    "Caller",
    "InsufficientScope",
    "InvalidToken",
    "MissingCredential",
    "TokenExpired",
    "TokenRevoked",
    "Unauthenticated",
    "UnknownApiKey",
    "Verified",
    "forget",
    "forget_callers",
    "from_headers",
    "from_resolver_context",
    "from_token",
    "identify",
    "is_member",
    "membership_key",
    "require",
    "to_resolver_context",
    "verify",
]

_KEPT = 60 * SECOND
_MAX_KEPT = 1000


class Verified(NamedTuple):
    """What is known of a credential, and until when that may be remembered: 60 seconds at most, while it is good."""

    caller: Caller
    until: Instant
    is_revoked: bool


_verified: OrderedDict[bytes, Verified] = OrderedDict()
_CREDENTIAL_HEADERS = frozenset({"authorization", "x-api-key"})
_WANTED = "Send an access token, Authorization: Bearer <token>, or an API key, X-API-Key: <key>."


def from_headers(headers: Mapping[str, str]) -> Caller:
    """Return the caller of an HTTP request, by a bearer token or an API key; raises what `identify` does."""
    return identify(headers).caller


def identify(headers: Mapping[str, str]) -> Verified:
    """Return the caller of an HTTP request, and how long that holds without looking again.

    Header names are taken in any case; what stands in the query string never counts. Raises AmbiguousCredential,
    MissingCredential, InvalidToken, TokenExpired, TokenRevoked, UnknownApiKey and its kinds; Unavailable.
    """
    name, credential = _credential(headers)
    if name == "x-api-key":
        caller, until = api_keys.verify(credential, now=clock.now())
        return Verified(caller, until, is_revoked=False)
    scheme, _, token = credential.partition(" ")
    if scheme.lower() != "bearer":
        raise MissingCredential(_WANTED)
    return verify(token.strip(" "))


def from_token(token: str) -> Caller:
    """Return the caller whom the access token names. Raises InvalidToken, TokenExpired or TokenRevoked."""
    return verify(token).caller


def verify(token: str) -> Verified:
    """Return the caller whom the access token names, and how long that holds without verifying again.

    Raises InvalidToken, TokenExpired or TokenRevoked; Unavailable when the table does not say what it has to.
    """
    now = clock.now()
    digest = hashlib.sha256(token.encode(errors="replace")).digest()
    known = _verified.get(digest)
    if known is None or now >= known.until:
        known = _verified[digest] = _verify(token, now)
        if len(_verified) > _MAX_KEPT:
            _verified.popitem(last=False)
    if known.is_revoked:
        raise TokenRevoked("The access token has been revoked; refresh it or sign in again.")
    return known


def require(caller: Caller, scope: str, *, knows: str | None = None) -> None:
    """Require that the caller was granted the scope.

    A caller who is bound to something is let in where restrictions of that context are known, whose name `knows` is,
    or those of any, and nowhere else, whatever scopes the key has. Raises InsufficientScope.
    """
    if caller.restriction is not None:
        if knows not in {caller.restriction.context, ANY_RESTRICTION}:
            raise InsufficientScope.of_bound(scope)
    elif scope not in caller.scopes:
        raise InsufficientScope.of(scope)


def forget() -> None:
    """Let go of every key and caller this process remembers, so that the next token is verified from the table."""
    verification_keys.forget()
    api_keys.pepper.forget()
    forget_callers()


def forget_callers() -> None:
    """Let go of every caller this process remembers; the keys and the pepper that tell them are kept."""
    api_keys.forget()
    _verified.clear()


def membership_key(tenant_id: str, user_id: str) -> Key:
    """Return the key of the item that is there as long as the user belongs to the tenant, to check in a transaction."""
    return Key(f"TENANT#{tenant_id}", f"MEMBER#{user_id}")


def is_member(membership: Mapping[str, Any] | None) -> bool:
    """Tell whether whose membership was read belongs to the tenant: nobody removed them, or disabled them for now."""
    return membership is not None and not membership.get("disabled", False)


def _credential(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return the name and the value of the one header that says who calls."""
    credentials = [(name.lower(), value) for name, value in headers.items() if name.lower() in _CREDENTIAL_HEADERS]
    if len(credentials) > 1:
        raise AmbiguousCredential("Send one credential: either Authorization or X-API-Key.")
    if not credentials:
        raise MissingCredential(_WANTED)
    name, value = credentials[0]
    return name, value.strip(" ")


def _verify(token: str, now: Instant) -> Verified:
    found = access_tokens.read(token, now=now)
    is_revoked = revocations.is_revoked(user_id=found.caller.user_id, session_id=found.session_id, epoch=found.epoch)
    return Verified(found.caller, min(now + _KEPT, found.until), is_revoked)
