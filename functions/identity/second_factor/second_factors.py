"""The second factor of an account: an authenticator that shows one-time codes, and the recovery codes for its loss.

It is pending until a first code proves that the authenticator has the secret. A code is good once: the step of the
last one is written under the version of the item, and so are the recovery codes that are left. How many factors an
account has also stands with the epochs of its users, which enrolling and removing raise: no token lives on that knows
it otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from functions.identity import happenings
from functions.identity.accounts import accounts, epochs, users
from functions.identity.accounts.users import Account
from functions.identity.second_factor import recovery_codes, seals, totp
from shared import clock
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.storage import changes, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

PENDING = 15 * 60 * SECOND

_NO_STEP = -1


class SecondFactorEnrolled(Conflict):
    """409: there is a second factor already; remove it first."""


class SecondFactorNotFound(NotFound):
    """404: you have no second factor, or none that waits for its first code; enrol one."""


class WrongCode(InvalidInput):
    """422: the code is wrong, too old, or has been used; wait for the next one."""


class SignInRequired(Forbidden):
    """403: an API key is nobody who could have a second factor; sign in."""


class SecondFactor(NamedTuple):
    """A second factor as it is stored; `user_id` is that of the account.

    Only a pending one has a `ttl`, only an enrolled one what follows it.
    """

    user_id: str
    sealed_secret: str
    is_enrolled: bool
    last_step: int
    version: int
    ttl: int | None = None
    enrolled_at: str | None = None
    # The default is no list, so that an enrolled factor without codes left is stored with its empty list.
    recovery_codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows to prove their second factor."""

    kind: Literal["code", "recovery_code"]
    text: str = field(repr=False)


def key(account_id: str) -> Key:
    """Return the key of the second factor of an account."""
    return Key(users.partition(account_id), "SECONDFACTOR")


def enroll(caller: Caller, *, now: Instant) -> dict[str, str]:
    """Begin an enrolment and return `secret` and `otpauth_uri`; one begun before is forgotten.

    Raises SignInRequired, SecondFactorEnrolled, users.UserNotFound, Unavailable.
    """
    person(caller)
    account, secret = accounts.owning(caller.user_id, consistent=False), totp.new_secret()
    sealed = seals.seal(secret, owner=account.user_id)

    def plan() -> Plan[None]:
        earlier = _read(account.user_id)
        if earlier is not None and earlier.is_enrolled:
            raise SecondFactorEnrolled("You have a second factor already; remove it first.")
        pending = _pending(account.user_id, sealed, now, version=earlier.version + 1 if earlier else 1)
        return Plan(None, [Put(_to_item(pending), unchanged(earlier.version) if earlier else ABSENT)])

    changes.make(plan)
    return {"secret": secret, "otpauth_uri": totp.uri(secret, account=account.email)}


def confirm(caller: Caller, code: str, *, now: Instant) -> list[str]:
    """Enrol the pending factor whose first code this is and return the recovery codes, which are kept nowhere.

    Raises SignInRequired, SecondFactorEnrolled, SecondFactorNotFound, WrongCode, Unavailable.
    """
    person(caller)
    codes = recovery_codes.new()

    def plan() -> Plan[None]:
        account = accounts.owning(caller.user_id)
        pending = _read(account.user_id)
        if pending is not None and pending.is_enrolled:
            raise SecondFactorEnrolled("You have a second factor already.")
        if pending is None or pending.ttl is None or now >= pending.ttl * SECOND:
            raise SecondFactorNotFound("No second factor waits for its first code; enrol one.")
        proved = _after_code(pending, code, now)
        if proved is None:
            raise wrong_code()
        enrolled = proved._replace(
            is_enrolled=True,
            ttl=None,
            enrolled_at=clock.to_rfc3339(now),
            recovery_codes=recovery_codes.hashed(codes, owner=account.user_id),
        )
        raised = [epochs.with_second_factor(each.user_id) for each in account.places]
        events = happenings.of_account("identity.second_factor.enrolled", account, now)
        return Plan(None, [_written(enrolled), accounts.held(account), *raised, *events])

    changes.make(plan)
    return codes


def state(caller: Caller) -> dict[str, Any]:
    """Return whether the caller has a second factor, since when, and how many recovery codes are left.

    Raises users.UserNotFound.
    """
    factor = _read(_account_id(caller), consistent=False)
    if factor is None or not factor.is_enrolled:
        return {"enrolled": False, "enrolled_at": None, "recovery_codes_left": 0}
    left = len(factor.recovery_codes)
    return {"enrolled": True, "enrolled_at": factor.enrolled_at, "recovery_codes_left": left}


def remove(caller: Caller, *, now: Instant) -> None:
    """Remove the second factor of the caller's account, and its recovery codes, in every tenant.

    Raises SecondFactorNotFound, users.UserNotFound.
    """

    def plan() -> Plan[None]:
        factor = _read(_account_id(caller))
        if factor is None or not factor.is_enrolled:
            raise SecondFactorNotFound("You have no second factor.")
        account = accounts.owning(caller.user_id)
        removal = Delete(key(account.user_id), unchanged(factor.version))
        raised = [epochs.without_second_factor(each.user_id) for each in account.places]
        events = happenings.of_account("identity.second_factor.removed", account, now)
        return Plan(None, [removal, accounts.held(account), *raised, *events])

    changes.make(plan)


def used(proof: Proof, account: Account, *, now: Instant) -> list[Write] | None:
    """Return the writes that use up what was shown, None when it proves nothing (any more). Raises Unavailable.

    The tenant that somebody comes into hears of a recovery code.
    """
    factor = _read(account.account_id)
    if factor is None or not factor.is_enrolled:
        return None
    if proof.kind == "code":
        changed = _after_code(factor, proof.text, now)
        return None if changed is None else [_written(changed)]
    left = recovery_codes.without(factor.recovery_codes, proof.text, owner=account.account_id)
    if left is None:
        return None
    event = happenings.of_user("identity.recovery_code.used", account.user_id, account.tenant_id, now)
    return [_written(factor._replace(recovery_codes=left)), event]


def person(caller: Caller) -> None:
    """Return when the caller is somebody who has signed in. Raises SignInRequired."""
    if caller.session_id is None:
        raise SignInRequired("An API key has no second factor; sign in.")


def wrong_code() -> InvalidInput:
    """Return the refusal of a code, whatever is wrong with it."""
    return WrongCode.of("code", "is wrong, too old, or has been used")


def _account_id(caller: Caller) -> str:
    """Return the id of the caller's account; a service has none, and no factor."""
    return caller.user_id if caller.session_id is None else accounts.owning(caller.user_id, consistent=False).user_id


def _read(account_id: str, *, consistent: bool = True) -> SecondFactor | None:
    item = table.get(key(account_id), consistent=consistent)
    return None if item is None else records.from_item(SecondFactor, item)


def _to_item(factor: SecondFactor) -> Item:
    return records.to_item(key(factor.user_id), "SecondFactor", factor)


def _pending(user_id: str, sealed: str, now: Instant, *, version: int) -> SecondFactor:
    return SecondFactor(
        user_id=user_id,
        sealed_secret=sealed,
        is_enrolled=False,
        last_step=_NO_STEP,
        version=version,
        ttl=(now + PENDING) // SECOND,
    )


def _after_code(factor: SecondFactor, code: str, now: Instant) -> SecondFactor | None:
    """Return the factor when a code has been used, None when it is not good."""
    secret = seals.unseal(factor.sealed_secret, owner=factor.user_id)
    step = totp.accepted_step(secret, code, at_seconds=now // SECOND, after_step=factor.last_step)
    return None if step is None else factor._replace(last_step=step)


def _written(changed: SecondFactor) -> Put:
    """Return the write of a changed factor that brings it to its next version."""
    return Put(_to_item(changed._replace(version=changed.version + 1)), unchanged(changed.version))
