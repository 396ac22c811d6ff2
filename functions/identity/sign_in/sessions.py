"""Sessions: a chain of refresh tokens that begins with a sign-in and of which only the newest is good.

The tokens are signed before anything is written, so a signing key that is busy costs nobody a session or a code.
A spent token that comes back within 60 seconds is the repeat of a client that got no answer, and gets the same
successor. Later, or when its successor is spent too, it ends the session (RFC 9700, section 4.14.2): somebody else has
had it, and nobody can say who is the thief.

A session ends 30 days after its last refresh, 90 days after its sign-in, or when all sessions of its user are ended.
"""

import functools
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from functions.identity import happenings
from functions.identity.access_tokens import minting
from functions.identity.accounts import accounts, users
from functions.identity.accounts.users import Account
from functions.identity.sign_in import refresh_tokens, stored_sessions
from functions.identity.sign_in.refresh_tokens import RefreshToken
from functions.identity.sign_in.stored_sessions import Earlier, Session
from shared import ids
from shared.callers import access_tokens, revocations
from shared.callers.auth import Caller
from shared.callers.challenges import TokenRevoked, Unauthenticated
from shared.clock import SECOND, Instant
from shared.stage_secrets import SecretAbsent
from shared.storage import changes, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, PRESENT, Check, Delete, Put, Write, unchanged

REPEATABLE = 60 * SECOND
"""How long a refresh can be repeated with the token that it has spent."""


class InvalidRefreshToken(Unauthenticated):
    """401: the refresh token is unknown, spent, or of a session that has ended; sign in again."""

    error = "invalid_token"


class Grant(TypedDict):
    """The tokens of a session, as they are answered."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int


class _Spent(NamedTuple):
    """That a refresh token is spent."""

    ttl: int


class _Denial(NamedTuple):
    """That the access tokens of a session are revoked."""

    session_id: str
    ttl: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """A session that begins: the writes that make it so, and the tokens to answer once they are done."""

    session: Session
    grant: Grant = field(repr=False)
    event: Put

    @property
    def writes(self) -> Sequence[Write]:
        """What has to be written, with whatever the sign-in itself writes."""
        return [Put(stored_sessions.to_item(self.session), ABSENT), self.event]


def begin(
    account: Account,
    *,
    amr: Sequence[str],
    now: Instant,
    source_address: str | None = None,
    earlier: Earlier | None = None,
) -> Beginning:
    """Return the beginning of a session, with its tokens, for somebody who has just proved who they are.

    One that continues an `earlier` session has proved nothing anew, and ends when that would have.
    Raises Unavailable when nothing could be signed; nothing is written yet.
    """
    session_id = ids.new("session", at=now)
    token = refresh_tokens.new(session_id)
    session = Session(
        session_id=session_id,
        user_id=account.user_id,
        tenant_id=account.tenant_id,
        sign_outs=account.epoch.sign_outs,
        amr=list(amr),
        auth_time=earlier.auth_time if earlier else now // SECOND,
        started_at=earlier.started_at if earlier else now,
        used_at=now,
        digest=token.digest,
        version=1,
        ttl=(now + stored_sessions.IDLE) // SECOND,
    )
    what = "switched" if earlier else "started"
    event = _happened(what, session, now, amr=list(amr), source_address=source_address)
    return Beginning(session, _grant(account, session, token, now), event)


def refresh(text: str, *, now: Instant, admit: Callable[[str], None]) -> Grant:
    """Spend a refresh token and return the next one with an access token. Raises InvalidRefreshToken, Unavailable.

    Repeated within 60 seconds it returns the same refresh token, as long as that is the newest.
    `admit` gets the id of the session once the token is known to be good, before anything is signed or written, and
    may refuse. It is called once, however often the writes are tried.
    """
    token = refresh_tokens.parse(text)
    if token is None:
        raise _invalid()
    admitted = functools.cache(admit)
    grant = changes.make(lambda: _turn(token, now, admitted))
    if grant is None:
        raise _invalid()
    return grant


def end(caller: Caller, *, now: Instant) -> None:
    """End the session of the caller; who calls with an API key has none, and nothing ends."""
    session_id = caller.session_id
    if session_id is None:
        return

    def plan() -> Plan[None]:
        session = table.get(stored_sessions.key(session_id), consistent=True)
        if session is None:
            return Plan(None, [_denied(caller.user_id, session_id, now)])
        found = stored_sessions.from_item(session)
        return Plan(None, [*_ended(found, now), _happened("revoked", found, now)])

    changes.make(plan)


def end_all(caller: Caller, *, now: Instant) -> None:
    """End every session of the caller's account, this one and those in other tenants too.

    Who calls with an API key has none, and nothing ends. Raises users.UserNotFound.
    """
    if caller.session_id is None:
        return

    def plan() -> Plan[None]:
        account = accounts.owning(caller.user_id)
        events = happenings.of_account("identity.user.signed_out", account, now)
        return Plan(None, [*accounts.ended(account), *events])

    changes.make(plan)


def continued(caller: Caller, standing: Account, *, now: Instant) -> tuple[Earlier, Check]:
    """Return what continues of the caller's session, and the check that it has not ended.

    Read from the table: a token that was revoked within the last minute opens nothing new. Raises TokenRevoked.
    """
    session_key = stored_sessions.key(str(caller.session_id))
    item = table.get(session_key, consistent=True)
    session = None if item is None else stored_sessions.from_item(item)
    if session is None or now >= session.ends_at or session.sign_outs != standing.epoch.sign_outs:
        raise TokenRevoked("Your session has ended; sign in again.")
    return Earlier(session.started_at, caller.auth_time or session.auth_time), Check(session_key, PRESENT)


def _turn(token: RefreshToken, now: Instant, admit: Callable[[str], None]) -> Plan[Grant | None]:
    """Return the plan that answers the successor of the token; without an answer, the one that ends the session."""
    spent_key = Key(stored_sessions.key(token.session_id).pk, f"SPENT#{token.digest}")
    item, spent = table.get_many([stored_sessions.key(token.session_id), spent_key], consistent=True)
    if item is None:
        raise _invalid()
    session = stored_sessions.from_item(item)
    if spent is None:
        return _spending(token, session, spent_key, now, admit)
    if now >= session.used_at + REPEATABLE:
        return Plan(None, _reused(session, now))
    successor = _earlier_successor(token, session)
    if not hmac.compare_digest(session.digest, successor.digest):
        return Plan(None, _reused(session, now))
    account = _account(session, now)
    admit(session.session_id)
    return Plan(_grant(account, session, successor, now))


def _spending(
    token: RefreshToken, session: Session, spent_key: Key, now: Instant, admit: Callable[[str], None]
) -> Plan[Grant]:
    """Return the plan that lets the successor follow a token, if that is the newest of its session."""
    if not hmac.compare_digest(session.digest, token.digest):
        raise _invalid()
    account = _account(session, now)
    admit(session.session_id)
    successor, secret_version = refresh_tokens.successor(token)
    turned = session._replace(
        digest=successor.digest, used_at=now, version=session.version + 1, secret_version=secret_version
    )
    spending = records.to_item(
        spent_key, "SpentRefreshToken", _Spent((session.started_at + stored_sessions.LIFE) // SECOND)
    )
    # No event: a session goes on every quarter of an hour, and nobody needs to be told.
    writes = [
        Put(stored_sessions.to_item(turned._replace(ttl=turned.ends_at // SECOND)), unchanged(session.version)),
        Put(spending, ABSENT),
    ]
    return Plan(_grant(account, session, successor, now), writes)


def _earlier_successor(token: RefreshToken, session: Session) -> RefreshToken:
    """Return what followed a token if it was the last one to be spent.

    Raises InvalidRefreshToken when that cannot be known any more, which ends no session.
    """
    if session.secret_version is None:
        raise _invalid()
    try:
        return refresh_tokens.successor_by(session.secret_version, token)
    except SecretAbsent as error:
        raise _invalid() from error


def _account(session: Session, now: Instant) -> Account:
    """Return whose session this is. Raises InvalidRefreshToken when it has ended for them."""
    if now >= session.ends_at:
        raise _invalid()
    account = users.account(session.user_id, session.tenant_id)
    if account is None or account.is_disabled or account.epoch.sign_outs != session.sign_outs:
        raise _invalid()
    return account


def _reused(session: Session, now: Instant) -> list[Write]:
    """Return the writes that end a session whose spent token came again."""
    whose = (session.session_id, session.user_id, session.tenant_id)
    event = happenings.of_stolen_session("identity.session.reuse_detected", *whose, now)
    return [*_ended(session, now), event]


def _ended(session: Session, now: Instant) -> list[Write]:
    return [
        Delete(stored_sessions.key(session.session_id), unchanged(session.version)),
        _denied(session.user_id, session.session_id, now),
    ]


def _denied(user_id: str, session_id: str, now: Instant) -> Put:
    """Return the write that revokes the access tokens of a session, kept until the last of them has expired."""
    denial = _Denial(session_id, now // SECOND + minting.LIFETIME_SECONDS + 2 * access_tokens.SKEW_SECONDS)
    return Put(records.to_item(revocations.denial_key(user_id, session_id), "Denial", denial))


def _grant(account: Account, session: Session, token: RefreshToken, now: Instant) -> Grant:
    return {
        "access_token": minting.mint(
            account,
            session_id=session.session_id,
            amr=session.amr,
            auth_time=session.auth_time,
            now=now,
        ),
        "refresh_token": token.text,
        "token_type": "Bearer",
        "expires_in": minting.LIFETIME_SECONDS,
    }


def _happened(what: str, session: Session, at: Instant, **more: object) -> Put:
    event_type = f"identity.session.{what}"
    return happenings.of_session(event_type, session.session_id, session.user_id, session.tenant_id, at, **more)


def _invalid() -> InvalidRefreshToken:
    return InvalidRefreshToken("The refresh token is not good, or not any more; sign in again.")
