"""Signing in with a password, and the lock after too many failures.

The one rule: an address without an account is treated as one with an account in everything that can be observed, the
time it takes and the lock included.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from functions.identity.accounts import accounts, passwords, users
from functions.identity.accounts.users import Account, User
from functions.identity.audit import failures
from functions.identity.audit.failures import Failure
from functions.identity.sign_in import entries, pending_sign_ins, sessions
from functions.identity.sign_in.entries import Entry
from functions.identity.sign_in.pending_sign_ins import CodeDue
from shared.callers import auth
from shared.clock import SECOND, Instant
from shared.errors import Forbidden, TooManyRequests
from shared.storage import changes, records, table
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


class SignInFailures(NamedTuple):
    """When signing in with an address failed, as far as that counts."""

    failed_at: Sequence[Instant]
    version: int
    ttl: int


def sign_in(*, email: str, password: str, now: Instant, source_address: str | None = None) -> Entry | CodeDue:
    """Begin a session and return its tokens, or `mfa_required` and `mfa_token` when a second factor is enrolled.

    The session is in the tenant that was used last, of those that have not disabled the account.
    Raises InvalidCredentials, SignInLocked, UserDisabled, Unavailable.
    The outcome counts in the order of the writes: of a hundred guesses sent at once five are told that they are wrong,
    and the right one is no better off than the others, since it must get its own write in before the fifth failure.
    """
    read, lock = table.get_many([_key(email), users.email_key(email)], consistent=True)
    readings = _readings(_unlocked(_found(read), now), email, now)
    with _guessing():
        account, known = accounts.of_lock(lock)
        proved = _proved(account, email, password, readings, source_address=source_address, now=now)
        return _enter(accounts.open_ones(proved, known), email, readings, source_address=source_address, now=now)


def _proved(
    account: User | None,
    email: str,
    password: str,
    readings: Iterator[SignInFailures | None],
    *,
    source_address: str | None,
    now: Instant,
) -> User:
    """Return the account whose password this is; count a wrong one. Raises InvalidCredentials, SignInLocked.

    Of an account in several tenants, the one that was used last hears of the failure.
    """
    right = passwords.is_right(password, account.password_hash if account else None)
    if account is None or not right:
        whose = account.places[0] if account else (users.NOBODY, users.NOBODY)
        failure = Failure("sign_in", "wrong_password", *whose, source_address)
        changes.make(lambda: _failed(email, failure, next(readings), now))
        raise InvalidCredentials("There is no account with this e-mail address and this password.")
    return account


def _enter(
    open_ones: Sequence[Account],
    email: str,
    readings: Iterator[SignInFailures | None],
    *,
    source_address: str | None,
    now: Instant,
) -> Entry | CodeDue:
    """Let somebody in whose password was right. Raises UserDisabled, SignInLocked, Unavailable."""
    if not open_ones:
        raise disabled()
    if open_ones[0].epoch.second_factors:
        return _wait_for_code(open_ones[0], email, now)
    beginning = sessions.begin(open_ones[0], amr=AMR, now=now, source_address=source_address)
    entry = entries.of(beginning.grant, open_ones[0], open_ones)
    return changes.make(lambda: Plan(entry, [_forgiving(email, next(readings)), *beginning.writes]))


def disabled() -> UserDisabled:
    """Return the refusal of somebody whom every tenant of theirs has disabled."""
    return UserDisabled("An admin of your tenant has disabled your account.")


def require_unlocked(email: str, *, now: Instant) -> None:
    """Return when a password may be tried for this address. Raises SignInLocked."""
    _failures(email, now)


def fail(email: str, failure: Failure, *, now: Instant) -> None:
    """Count a failure of this address, and tell of it: at most five until the lock opens, and the lock itself.

    Raises SignInLocked when others were counted before it.
    """
    with _guessing():
        changes.make(lambda: _failed(email, failure, _failures(email, now), now))


def forgiven(email: str, *, now: Instant) -> Sequence[Write]:
    """Return the writes of a right password, which hold only until another failure. Raises SignInLocked."""
    return [_forgiving(email, _failures(email, now))]


def held(email: str, *, now: Instant) -> Check:
    """Return the check that no other failure is counted meanwhile; those there are stay. Raises SignInLocked."""
    failed = _failures(email, now)
    return Check(_key(email), unchanged(failed.version) if failed else ABSENT)


def _wait_for_code(account: Account, email: str, now: Instant) -> CodeDue:
    """Let the sign-in wait for its second factor. Failures are forgiven when that has been proved, not before."""
    token = pending_sign_ins.new_token()
    begun = pending_sign_ins.begun(token, account, email=email, amr=AMR, now=now)
    return changes.make(lambda: Plan(pending_sign_ins.due(token), [held(email, now=now), begun]))


@contextmanager
def _guessing() -> Iterator[None]:
    """Have a lock count as a wrong credential: others have locked the address, but a password or code was looked at."""
    try:
        yield
    except SignInLocked as locked:
        locked.is_guess = True
        raise


def _key(email: str) -> Key:
    return Key(users.email_partition(email), "SIGNIN")


def _readings(first: SignInFailures | None, email: str, now: Instant) -> Iterator[SignInFailures | None]:
    """Yield the failures as they were read with the account; then, when somebody was faster, as they are by now."""
    yield first
    while True:
        yield _failures(email, now)


def _failures(email: str, now: Instant) -> SignInFailures | None:
    """Return the failures of this address, None when there are none. Raises SignInLocked."""
    return _unlocked(_found(table.get(_key(email), consistent=True)), now)


def _found(item: Item | None) -> SignInFailures | None:
    return None if item is None else records.from_item(SignInFailures, item)


def _unlocked(failed: SignInFailures | None, now: Instant) -> SignInFailures | None:
    """Return the failures if they do not lock. Raises SignInLocked."""
    if failed is None or len(failed.failed_at) < MAX_FAILURES:
        return failed
    opens_at = failed.failed_at[-1] + LOCK
    if now < opens_at:
        seconds = -((now - opens_at) // SECOND)
        raise SignInLocked(
            "Too many failed sign-ins for this address; wait, then try again.", headers={"Retry-After": str(seconds)}
        )
    return failed


def _forgiving(email: str, failed: SignInFailures | None) -> Write:
    return Delete(_key(email), unchanged(failed.version)) if failed else Check(_key(email), ABSENT)


def _failed(email: str, failure: Failure, before: SignInFailures | None, now: Instant) -> Plan[None]:
    earlier = before.failed_at if before else ()
    failed_at = [*(instant for instant in earlier if now < instant + LOCK), now]
    counted = SignInFailures(failed_at, before.version + 1 if before else 1, (now + LOCK) // SECOND + 1)
    told = failures.told(failure, email=email, locks=len(failed_at) == MAX_FAILURES, at=now)
    item = records.to_item(_key(email), "SignInFailures", counted)
    return Plan(None, [Put(item, unchanged(before.version) if before else ABSENT), *told])
