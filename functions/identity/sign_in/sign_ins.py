"""Signing in with a password, and the lock after too many failures.

The one rule: an address without an account is treated as one with an account in everything that can be observed, the
time it takes and the lock included.
"""

from collections.abc import Sequence
from typing import Any

from functions.identity.accounts import passwords, users
from functions.identity.accounts.users import Account
from functions.identity.audit import failures
from functions.identity.audit.failures import Failure
from functions.identity.sign_in import pending_sign_ins, sessions
from shared.callers import auth
from shared.clock import SECOND, Instant
from shared.errors import Forbidden, TooManyRequests
from shared.storage import changes, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Check, Delete, Put, Write, unchanged

AMR = ("pwd",)
MAX_FAILURES = 5
LOCK = 15 * 60 * SECOND


class InvalidCredentials(auth.Unauthenticated):
    """401: there is no account with this e-mail address and this password."""


class UserDisabled(Forbidden):
    """403: an admin of the tenant has disabled this user; only who knows the password is told."""


class SignInLocked(TooManyRequests):
    """429: too many failures for this address; `Retry-After` says when to try again."""


def sign_in(*, email: str, password: str, now: Instant, source_address: str | None = None) -> dict[str, Any]:
    """Begin a session and return its tokens, or `mfa_required` and `mfa_token` when a second factor is enrolled.

    Raises InvalidCredentials, SignInLocked, UserDisabled, Unavailable.
    The outcome counts in the order of the writes: of a hundred guesses sent at once five are told that they are wrong,
    and the right one is no better off than the others, since it must get its own write in before the fifth failure.
    """
    read, lock = table.get_many([_key(email), users.email_key(email)], consistent=True)
    # Whoever writes first makes it out of date, and it is read again.
    known = [_unlocked(read, now)]
    account = users.account_of(lock)
    right = passwords.is_right(password, account.password_hash if account else None)
    if account is None or not right:
        whose = (account.user_id, account.tenant_id) if account else (users.NOBODY, users.NOBODY)
        failure = Failure("sign_in", "wrong_password", *whose, source_address)
        changes.make(lambda: _failed(email, failure, known.pop() if known else _failures(email, now), now))
        raise InvalidCredentials("There is no account with this e-mail address and this password.")
    if account.is_disabled:
        raise UserDisabled("An admin of your tenant has disabled your account.")
    if account.epoch.second_factors:
        return _wait_for_code(account, email, now)
    beginning = sessions.begin(account, amr=AMR, now=now, source_address=source_address)

    def begin() -> Plan[None]:
        failed = known.pop() if known else _failures(email, now)
        return Plan(None, [_forgiving(email, failed), *beginning.writes])

    changes.make(begin)
    return beginning.grant


def require_unlocked(email: str, *, now: Instant) -> None:
    """Return when a password may be tried for this address. Raises SignInLocked."""
    _failures(email, now)


def fail(email: str, failure: Failure, *, now: Instant) -> None:
    """Count a failure of this address, and tell of it: at most five until the lock opens, and the lock itself.

    Raises SignInLocked when others were counted before it.
    """
    changes.make(lambda: _failed(email, failure, _failures(email, now), now))


def forgiven(email: str, *, now: Instant) -> Sequence[Write]:
    """Return the writes of a right password, which hold only until another failure. Raises SignInLocked."""
    return [_forgiving(email, _failures(email, now))]


def held(email: str, *, now: Instant) -> Check:
    """Return the check that no other failure is counted meanwhile; those there are stay. Raises SignInLocked."""
    item = _failures(email, now)
    return Check(_key(email), unchanged(item["version"]) if item else ABSENT)


def _wait_for_code(account: Account, email: str, now: Instant) -> dict[str, Any]:
    """Let the sign-in wait for its second factor. Failures are forgiven when that has been proved, not before."""
    token = pending_sign_ins.new_token()
    begun = pending_sign_ins.begun(token, account, email=email, amr=AMR, now=now)
    changes.make(lambda: Plan(None, [held(email, now=now), begun]))
    return {"mfa_required": True, "mfa_token": token}


def _key(email: str) -> Key:
    return Key(users.email_partition(email), "SIGNIN")


def _failures(email: str, now: Instant) -> Item | None:
    """Return the item of the failures of this address, None when there are none. Raises SignInLocked."""
    return _unlocked(table.get(_key(email), consistent=True), now)


def _unlocked(item: Item | None, now: Instant) -> Item | None:
    """Return the item of the failures if they do not lock. Raises SignInLocked."""
    if item is None or len(item["failed_at"]) < MAX_FAILURES:
        return item
    opens_at = item["failed_at"][-1] + LOCK
    if now < opens_at:
        seconds = -((now - opens_at) // SECOND)
        raise SignInLocked(
            "Too many failed sign-ins for this address; wait, then try again.", headers={"Retry-After": str(seconds)}
        )
    return item


def _forgiving(email: str, item: Item | None) -> Write:
    return Delete(_key(email), unchanged(item["version"])) if item else Check(_key(email), ABSENT)


def _failed(email: str, failure: Failure, item: Item | None, now: Instant) -> Plan[None]:
    pk, sk = _key(email)
    earlier = item["failed_at"] if item else []
    failed_at = [*(instant for instant in earlier if now < instant + LOCK), now]
    counted: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "SignInFailures",
        "failed_at": failed_at,
        "version": item["version"] + 1 if item else 1,
        "ttl": (now + LOCK) // SECOND + 1,
    }
    told = failures.told(failure, email=email, locks=len(failed_at) == MAX_FAILURES, at=now)
    return Plan(None, [Put(counted, unchanged(item["version"]) if item else ABSENT), *told])
