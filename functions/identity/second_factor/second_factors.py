"""The second factor of a user: an authenticator that shows one-time codes, and the recovery codes for its loss.

It is pending until a first code proves that the authenticator has the secret. A code is good once: the step of the
last one is written under the version of the item, and so are the recovery codes that are left. How many factors a
user has also stands with their epoch, which enrolling and removing raise: no token lives on that knows it otherwise.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from functions.identity.accounts import epochs, users
from functions.identity.second_factor import recovery_codes, seals, totp
from shared import clock
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.storage import changes, events, table
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


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows to prove their second factor."""

    kind: Literal["code", "recovery_code"]
    text: str = field(repr=False)


def key(user_id: str) -> Key:
    """Return the key of the second factor of a user."""
    return Key(users.partition(user_id), "SECONDFACTOR")


def enroll(caller: Caller, *, now: Instant) -> dict[str, str]:
    """Begin an enrolment and return `secret` and `otpauth_uri`; one begun before is forgotten.

    Raises SignInRequired, SecondFactorEnrolled, users.UserNotFound, Unavailable.
    """
    person(caller)
    user, secret = users.get(caller.user_id), totp.new_secret()
    sealed = seals.seal(secret, owner=caller.user_id)

    def plan() -> Plan[None]:
        item = table.get(key(caller.user_id), consistent=True)
        if item is not None and item["is_enrolled"]:
            raise SecondFactorEnrolled("You have a second factor already; remove it first.")
        pending = _pending(caller.user_id, sealed, now, version=item["version"] + 1 if item else 1)
        return Plan(None, [Put(pending, unchanged(item["version"]) if item else ABSENT)])

    changes.make(plan)
    return {"secret": secret, "otpauth_uri": totp.uri(secret, account=user["email"])}


def confirm(caller: Caller, code: str, *, now: Instant) -> list[str]:
    """Enrol the pending factor whose first code this is and return the recovery codes, which are kept nowhere.

    Raises SignInRequired, SecondFactorEnrolled, SecondFactorNotFound, WrongCode, Unavailable.
    """
    person(caller)
    codes = recovery_codes.new()

    def plan() -> Plan[None]:
        item = table.get(key(caller.user_id), consistent=True)
        if item is not None and item["is_enrolled"]:
            raise SecondFactorEnrolled("You have a second factor already.")
        if item is None or now >= item["ttl"] * SECOND:
            raise SecondFactorNotFound("No second factor waits for its first code; enrol one.")
        enrolled = _after_code(item, code, now)
        if enrolled is None:
            raise wrong_code()
        del enrolled["ttl"]
        enrolled |= {
            "is_enrolled": True,
            "enrolled_at": clock.to_rfc3339(now),
            "recovery_codes": recovery_codes.hashed(codes, owner=caller.user_id),
        }
        event = _happened("identity.second_factor.enrolled", caller.user_id, caller.tenant_id, now)
        return Plan(None, [_put(enrolled), epochs.with_second_factor(caller.user_id), event])

    changes.make(plan)
    return codes


def state(caller: Caller) -> dict[str, Any]:
    """Return whether the caller has a second factor, since when, and how many recovery codes are left."""
    item = table.get(key(caller.user_id))
    if item is None or not item["is_enrolled"]:
        return {"enrolled": False, "enrolled_at": None, "recovery_codes_left": 0}
    left = len(item["recovery_codes"])
    return {"enrolled": True, "enrolled_at": item["enrolled_at"], "recovery_codes_left": left}


def remove(caller: Caller, *, now: Instant) -> None:
    """Remove the second factor of the caller, and its recovery codes. Raises SecondFactorNotFound."""

    def plan() -> Plan[None]:
        item = table.get(key(caller.user_id), consistent=True)
        if item is None or not item["is_enrolled"]:
            raise SecondFactorNotFound("You have no second factor.")
        event = _happened("identity.second_factor.removed", caller.user_id, caller.tenant_id, now)
        removal = Delete(key(caller.user_id), unchanged(item["version"]))
        return Plan(None, [removal, epochs.without_second_factor(caller.user_id), event])

    changes.make(plan)


def used(proof: Proof, *, user_id: str, tenant_id: str, now: Instant) -> list[Write] | None:
    """Return the writes that use up what was shown, None when it proves nothing (any more). Raises Unavailable."""
    item = table.get(key(user_id), consistent=True)
    if item is None or not item["is_enrolled"]:
        return None
    if proof.kind == "code":
        changed = _after_code(item, proof.text, now)
        return None if changed is None else [_put(changed)]
    left = recovery_codes.without(item["recovery_codes"], proof.text, owner=user_id)
    if left is None:
        return None
    event = _happened("identity.recovery_code.used", user_id, tenant_id, now)
    return [_put(item | {"recovery_codes": left}), event]


def person(caller: Caller) -> None:
    """Return when the caller is somebody who has signed in. Raises SignInRequired."""
    if caller.session_id is None:
        raise SignInRequired("An API key has no second factor; sign in.")


def wrong_code() -> InvalidInput:
    """Return the refusal of a code, whatever is wrong with it."""
    return WrongCode.of("code", "is wrong, too old, or has been used")


def _pending(user_id: str, sealed: str, now: Instant, *, version: int) -> Item:
    pk, sk = key(user_id)
    return {
        "PK": pk,
        "SK": sk,
        "entity": "SecondFactor",
        "user_id": user_id,
        "sealed_secret": sealed,
        "is_enrolled": False,
        "last_step": _NO_STEP,
        "version": version,
        "ttl": (now + PENDING) // SECOND,
    }


def _after_code(item: Item, code: str, now: Instant) -> Item | None:
    """Return the item when a code has been used, None when it is not good."""
    secret = seals.unseal(item["sealed_secret"], owner=item["user_id"])
    step = totp.accepted_step(secret, code, at_seconds=now // SECOND, after_step=item["last_step"])
    return None if step is None else item | {"last_step": step}


def _put(changed: Item) -> Put:
    return Put(changed | {"version": changed["version"] + 1}, unchanged(changed["version"]))


def _happened(event_type: str, user_id: str, tenant_id: str, at: Instant) -> Put:
    return events.occurred(
        event_type,
        partition=users.partition(user_id),
        subject_id=user_id,
        tenant_id=tenant_id,
        at=at,
        data={"user_id": user_id},
    )
