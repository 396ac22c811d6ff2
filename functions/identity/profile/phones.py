"""The telephone number of a user, over which their one-time codes come once a code that was sent there has shown it.

Whoever wants a number is sent a code to it; until that is confirmed nothing changes. A wrong code counts as a wrong
password does, and the fifth ends the wait. The number stands with the user, and in no event and no log.
"""

from typing import Any

from functions.identity.accounts import users
from functions.identity.audit.failures import Failure
from functions.identity.codes import challenges, channels, sent_texts, sms
from functions.identity.codes.phone_numbers import masked
from functions.identity.second_factor import seals, second_factors
from functions.identity.sign_in import sign_ins
from shared import clock
from shared.callers import step_up
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.errors import NotFound
from shared.storage import changes, events, table, versions
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, unchanged


class PhoneNotFound(NotFound):
    """404: you have no number that codes are sent to."""


def shown(user: Item) -> dict[str, Any]:
    """Return `phone_number`, masked, None without one, and the `otp_channel` of a user."""
    number = user.get("phone_number")
    return {"phone_number": masked(number) if number else None, "otp_channel": channels.of(user)}


def change(caller: Caller, number: str, *, now: Instant) -> dict[str, str]:
    """Send a code to a number that is to be the caller's; return it, masked, and `expires_at`.

    Who owes a second factor has proved one just now: codes for it will come to the number. Raises
    second_factors.SignInRequired, StepUpRequired, users.UserNotFound, text_messages.NoTextSent,
    allowance.TooManyChallenges, Unavailable.
    """
    second_factors.person(caller)
    step_up.require(caller, step_up.RECENT_SECOND_FACTOR, now=now)
    sms.require_reach(number)
    users.get(caller.user_id)
    challenge_id, code = challenges.new_id(now=now), challenges.new_code()
    digest = seals.digest(code, owner=challenge_id)

    def plan() -> Plan[None]:
        earlier = table.get(_key(caller.user_id), consistent=True)
        wanted = _wanted(caller.user_id, number, now, version=earlier["version"] + 1 if earlier else 1)
        wanted |= {"challenge_id": challenge_id, "digest": digest}
        condition = unchanged(earlier["version"]) if earlier else ABSENT
        counted = sent_texts.counted(caller.user_id, now=now)
        return Plan(None, [Put(wanted, condition), counted, challenges.sent(caller, at=now)])

    changes.make(plan)
    sms.send_code(code, to=number, minutes=challenges.MINUTES)
    return {"phone_number": masked(number), "expires_at": clock.to_rfc3339(now + challenges.LIFE)}


def confirm(caller: Caller, code: str, *, now: Instant, source_address: str | None = None) -> dict[str, Any]:
    """Let the number that this code was sent to be the caller's; return it as `shown` does, and the user's `version`.

    Raises second_factors.SignInRequired, second_factors.WrongCode, users.UserNotFound, sign_ins.SignInLocked,
    Unavailable.
    """
    second_factors.person(caller)
    user = users.get(caller.user_id)
    confirmed = changes.make(lambda: _attempt(caller, code, now))
    if confirmed is None:
        failure = Failure("phone_change", "wrong_code", caller.user_id, caller.tenant_id, source_address)
        sign_ins.fail(user["email"], failure, now=now)
        raise second_factors.wrong_code()
    return shown(confirmed) | {"version": confirmed["version"]}


def remove(caller: Caller, *, if_match: str | None, now: Instant) -> None:
    """Send codes by e-mail again. Raises PhoneNotFound, users.UserNotFound, versions.VersionChanged."""

    def plan() -> Plan[None]:
        user = users.get(caller.user_id, consistent=True)
        versions.require(if_match, user["version"])
        if user.get("phone_number") is None:
            raise PhoneNotFound("You have no number that codes are sent to.")
        changed = user | {"phone_number": None, "version": user["version"] + 1}
        return Plan(None, [Put(changed, unchanged(user["version"])), _happened("identity.phone.removed", caller, now)])

    changes.make(plan)


def _attempt(caller: Caller, code: str, now: Instant) -> Plan[Item | None]:
    """Return the plan that uses up the code and answers the user; without one, that which counts it as wrong."""
    user = users.get(caller.user_id, consistent=True)
    unlocked = sign_ins.held(user["email"], now=now)
    wanted = table.get(_key(caller.user_id), consistent=True)
    if wanted is None or wanted["digest"] is None or now >= wanted["expires_at"]:
        return Plan(None)
    if not challenges.is_met(wanted, code):
        return Plan(None, [challenges.failed(wanted)])
    changed = user | {"phone_number": wanted["phone_number"], "version": user["version"] + 1}
    confirmed = Put(changed, unchanged(user["version"]))
    event = _happened("identity.phone.confirmed", caller, now)
    return Plan(changed, [confirmed, challenges.ended(wanted), unlocked, event])


def _wanted(user_id: str, number: str, now: Instant, *, version: int) -> Item:
    pk, sk = _key(user_id)
    return {
        "PK": pk,
        "SK": sk,
        "entity": "PhoneChange",
        "phone_number": number,
        "failures": 0,
        "expires_at": now + challenges.LIFE,
        "version": version,
        "ttl": (now + challenges.LIFE) // SECOND,
    }


def _key(user_id: str) -> Key:
    return Key(users.partition(user_id), "PHONECHANGE")


def _happened(event_type: str, caller: Caller, at: Instant) -> Put:
    return events.occurred(
        event_type,
        partition=users.partition(caller.user_id),
        subject_id=caller.user_id,
        tenant_id=caller.tenant_id,
        at=at,
        data={"user_id": caller.user_id},
    )
