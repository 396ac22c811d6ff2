"""Sign-ins that wait for the second factor: the first was right, a code must follow within five minutes.

The token is opaque, 256 random bits, and stored as its SHA-256, which is the key it is found by. Five wrong codes end
it; so do a new password, and whatever else ends all sessions of the user.
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from functions.identity.accounts.users import Account
from shared.callers.challenges import Unauthenticated
from shared.clock import SECOND, Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, unchanged

LIFE = 5 * 60 * SECOND
MAX_FAILURES = 5

_SECRET_BYTES = 32


class InvalidMfaToken(Unauthenticated):
    """401: the `mfa_token` is unknown, used, or over after five minutes or five wrong codes; sign in again."""


class CodeDue(TypedDict):
    """What is answered instead of tokens while a second factor is due."""

    mfa_required: bool
    mfa_token: str


class PendingSignIn(NamedTuple):
    """A sign-in that waits, as it is stored; `amr` is what has been proved."""

    user_id: str
    tenant_id: str
    email: str
    amr: Sequence[str]
    sign_outs: int
    failures: int
    version: int
    ttl: int


def new_token() -> str:
    """Return a token that nobody has seen."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def begun(token: str, account: Account, *, email: str, amr: Sequence[str], now: Instant) -> Put:
    """Return the write of a sign-in that waits for its second factor; `amr` is what has been proved."""
    pending = PendingSignIn(
        user_id=account.user_id,
        tenant_id=account.tenant_id,
        email=email,
        amr=list(amr),
        sign_outs=account.epoch.sign_outs,
        failures=0,
        version=1,
        ttl=(now + LIFE) // SECOND,
    )
    return Put(_to_item(token, pending), ABSENT)


def due(token: str) -> CodeDue:
    """Return the answer to somebody whose second factor must follow."""
    return {"mfa_required": True, "mfa_token": token}


def get(token: str, *, now: Instant) -> PendingSignIn:
    """Return the sign-in that the token stands for. Raises InvalidMfaToken."""
    item = table.get(_key(token), consistent=True)
    if item is None:
        raise over()
    pending = records.from_item(PendingSignIn, item)
    if now >= pending.ttl * SECOND:
        raise over()
    return pending


def over() -> InvalidMfaToken:
    """Return the refusal of a token that is good no longer."""
    return InvalidMfaToken("The mfa_token is not good, or not any more; sign in again.")


def failed(token: str, pending: PendingSignIn) -> Put | Delete:
    """Return the write of one more wrong code: the fifth ends it."""
    if pending.failures + 1 >= MAX_FAILURES:
        return spent(token, pending)
    counted = pending._replace(failures=pending.failures + 1, version=pending.version + 1)
    return Put(_to_item(token, counted), unchanged(pending.version))


def spent(token: str, pending: PendingSignIn) -> Delete:
    """Return the write that ends it."""
    return Delete(_key(token), unchanged(pending.version))


def _to_item(token: str, pending: PendingSignIn) -> Item:
    return records.to_item(_key(token), "PendingSignIn", pending)


def _key(token: str) -> Key:
    digest = hashlib.sha256(token.encode(errors="replace")).hexdigest()
    return Key(f"PENDINGSIGNIN#{digest}", "PENDINGSIGNIN")
