"""One's own profile: who calls, the name, and the password. A new password ends every session and begins one, here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from functions.identity import happenings
from functions.identity.accounts import accounts, passwords, users
from functions.identity.accounts.users import User, UserNotFound
from functions.identity.audit.failures import Failure
from functions.identity.sign_in import sessions, sign_ins
from functions.identity.sign_in.sessions import Grant
from shared.callers import api_keys
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, table, versions
from shared.storage.changes import Plan
from shared.storage.writes import Write


class WrongPassword(InvalidInput):
    """422: `current_password` is not your password."""


class PasswordNotSet(Conflict):
    """409: you have no password to change; you sign in with Google."""


class Rehashed(NamedTuple):
    """A user with a new password, and the tokens of the session that begins with it."""

    user: User
    grant: Grant


def of_service(caller: Caller, key_id: str) -> dict[str, Any]:
    """Return which service calls with an API key; one read. Raises UserNotFound when the key is not kept any more."""
    record = table.get(api_keys.record_key(key_id))
    if record is None:
        raise UserNotFound("There is no such service any more.")
    who = {"user_id": caller.user_id, "tenant_id": caller.tenant_id}
    return {**who, "service_name": record["service_name"], "key_id": key_id}


def change(caller: Caller, wanted: dict[str, Any], *, if_match: str | None, now: Instant) -> User:
    """Change the `display_name` of the caller and return the user. Raises UserNotFound, versions.VersionChanged."""

    def plan() -> Plan[User]:
        user = users.get(caller.user_id, consistent=True)
        versions.require(if_match, user.version)
        changed = user._replace(**wanted)
        if changed == user:
            return Plan(user)
        changed = changed._replace(version=user.version + 1)
        event = happenings.of_user("identity.user.renamed", caller.user_id, caller.tenant_id, now)
        return Plan(changed, [users.written(user, changed), event])

    return changes.make(plan)


def change_password(
    caller: Caller,
    wanted: dict[str, Any],
    *,
    current: str,
    password: str,
    if_match: str | None,
    now: Instant,
    source_address: str | None = None,
) -> Rehashed:
    """Change the password, and what else is wanted; return the user and the tokens of a session that begins.

    The password is that of the account: every session there was ends, in every tenant. A wrong current password
    counts as a failed sign-in, so that a stolen access token lets nobody guess. Raises PasswordNotSet, WrongPassword,
    InvalidInput for the new one, sign_ins.SignInLocked, UserNotFound, versions.VersionChanged, Unavailable.
    """
    failure = Failure("password_change", "wrong_password", caller.user_id, caller.tenant_id, source_address)
    known = _proved(failure, current=current, password=password, if_match=if_match, now=now)
    rehashed = passwords.hashed(password)

    return changes.make(
        lambda: _rehashed(caller, known, wanted, rehashed, if_match=if_match, now=now, source_address=source_address)
    )


def _rehashed(
    caller: Caller,
    known: User,
    wanted: dict[str, Any],
    password_hash: str,
    *,
    if_match: str | None,
    now: Instant,
    source_address: str | None,
) -> Plan[Rehashed]:
    """Return the plan of a new password for somebody who has proved that they know the present one.

    `known` is their account as it was then.
    """
    user, here = users.read(caller.user_id, caller.tenant_id)
    if user is None or here is None or here.is_disabled:
        raise UserNotFound("There is no such user any more.")
    versions.require(if_match, user.version)
    account = accounts.of(user)
    if account.password_hash != known.password_hash:
        raise WrongPassword.of("current_password", "is not your password any more")
    # Whoever ends all sessions in the same moment ends this one too: its epoch is then one too low.
    number, sign_outs = here.epoch.number + 1, here.epoch.sign_outs + 1
    following = here.epoch._replace(number=number, sign_outs=sign_outs)
    beginning = sessions.begin(replace(here, epoch=following), amr=("pwd",), now=now, source_address=source_address)
    changed, written = _with_password(user, account, wanted, password_hash)
    writes = [
        *written,
        *sign_ins.forgiven(account.email, now=now),
        *accounts.ended(account),
        *beginning.writes,
        *happenings.of_account("identity.user.password_changed", account, now),
    ]
    return Plan(Rehashed(changed, beginning.grant), writes)


def _with_password(
    user: User, account: User, wanted: dict[str, Any], password_hash: str
) -> tuple[User, Sequence[Write]]:
    """Return the user after the change, and the writes of them and, if that is another item, of their account."""
    changed = user._replace(**wanted, version=user.version + 1)
    if user.account_id is None:
        changed = changed._replace(password_hash=password_hash)
        return changed, [users.written(user, changed)]
    rehashed = account._replace(password_hash=password_hash)
    return changed, [users.written(user, changed), users.written(account, rehashed)]


def _proved(failure: Failure, *, current: str, password: str, if_match: str | None, now: Instant) -> User:
    """Return the account whose password was given, and whose new one may be chosen; what fails is the failure."""
    user = users.get(failure.user_id, consistent=True)
    versions.require(if_match, user.version)
    account = accounts.of(user)
    if account.password_hash is None:
        raise PasswordNotSet("You have no password to change; you sign in with Google.")
    sign_ins.require_unlocked(account.email, now=now)
    passwords.check(password, email=account.email)
    if not passwords.is_right(current, account.password_hash):
        sign_ins.fail(account.email, failure, now=now)
        raise WrongPassword.of("current_password", "is not your password")
    return account
