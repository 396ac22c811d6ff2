"""One's own profile: who calls, the name, and the password. A new password ends every session and begins one, here."""

from dataclasses import replace
from typing import Any, NamedTuple

from functions.identity import happenings
from functions.identity.accounts import epochs, passwords, users
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

    Every session there was ends. A wrong current password counts as a failed sign-in, so that a stolen access token
    lets nobody guess. Raises PasswordNotSet, WrongPassword, InvalidInput for the new one, sign_ins.SignInLocked,
    UserNotFound, versions.VersionChanged, Unavailable.
    """
    failure = Failure("password_change", "wrong_password", caller.user_id, caller.tenant_id, source_address)
    known = _proved(failure, current=current, password=password, if_match=if_match, now=now)
    rehashed = {**wanted, "password_hash": passwords.hashed(password)}

    return changes.make(
        lambda: _rehashed(caller, known, rehashed, if_match=if_match, now=now, source_address=source_address)
    )


def _rehashed(
    caller: Caller,
    known: User,
    wanted: dict[str, Any],
    *,
    if_match: str | None,
    now: Instant,
    source_address: str | None,
) -> Plan[Rehashed]:
    """Return the plan of a new password for the user who has proved that they know the present one."""
    user = users.get(caller.user_id, consistent=True)
    versions.require(if_match, user.version)
    account = users.account(caller.user_id, caller.tenant_id)
    if account is None or account.is_disabled:
        raise UserNotFound("There is no such user any more.")
    if user.password_hash != known.password_hash:
        raise WrongPassword.of("current_password", "is not your password any more")
    # Whoever ends all sessions in the same moment ends this one too: its epoch is then one too low.
    number, sign_outs = account.epoch.number + 1, account.epoch.sign_outs + 1
    following = account.epoch._replace(number=number, sign_outs=sign_outs)
    beginning = sessions.begin(replace(account, epoch=following), amr=("pwd",), now=now, source_address=source_address)
    changed = user._replace(**wanted, version=user.version + 1)
    writes = [
        users.written(user, changed),
        *sign_ins.forgiven(user.email, now=now),
        epochs.ended(caller.user_id),
        *beginning.writes,
        happenings.of_user("identity.user.password_changed", caller.user_id, caller.tenant_id, now),
    ]
    return Plan(Rehashed(changed, beginning.grant), writes)


def _proved(failure: Failure, *, current: str, password: str, if_match: str | None, now: Instant) -> User:
    """Return the user whose password was given, and who may choose the new one; what fails is the failure."""
    user = users.get(failure.user_id, consistent=True)
    versions.require(if_match, user.version)
    if user.password_hash is None:
        raise PasswordNotSet("You have no password to change; you sign in with Google.")
    sign_ins.require_unlocked(user.email, now=now)
    passwords.check(password, email=user.email)
    if not passwords.is_right(current, user.password_hash):
        sign_ins.fail(user.email, failure, now=now)
        raise WrongPassword.of("current_password", "is not your password")
    return user
