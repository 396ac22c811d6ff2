"""The telephone number of a user, over which their one-time codes come once a code that was sent there has shown it.

Whoever wants a number is sent a code to it; until that is confirmed nothing changes. A wrong code counts as a wrong
password does, and the fifth ends the wait. The number stands with the user, and in no event and no log.
"""

from typing import Any

from functions.identity import happenings
from functions.identity.accounts import users
from functions.identity.accounts.users import User
from functions.identity.audit.failures import Failure
from functions.identity.codes import challenges, channels, sent_texts, sms
from functions.identity.codes.challenges import Challenge
from functions.identity.codes.phone_numbers import masked
from functions.identity.second_factor import seals, second_factors
from functions.identity.sign_in import sign_ins
from shared import clock
from shared.callers import step_up
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.errors import NotFound
from shared.storage import changes, records, table, versions
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, unchanged


class PhoneNotFound(NotFound):
    """404: you have no number that codes are sent to."""


def shown(user: User) -> dict[str, Any]:
    """Return `phone_number`, masked, None without one, and the `otp_channel` of a user."""
    number = user.phone_number
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
        earlier = _read(caller.user_id)
        wanted = Challenge(
            challenge_id=challenge_id,
            digest=digest,
            failures=0,
            expires_at=now + challenges.LIFE,
            version=earlier.version + 1 if earlier else 1,
            ttl=(now + challenges.LIFE) // SECOND,
            phone_number=number,
        )
        counted = sent_texts.counted(caller.user_id, now=now)
        return Plan(None, [_written(caller.user_id, earlier, wanted), counted, challenges.sent(caller, at=now)])

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
        sign_ins.fail(user.email, failure, now=now)
        raise second_factors.wrong_code()
    return shown(confirmed) | {"version": confirmed.version}


def remove(caller: Caller, *, if_match: str | None, now: Instant) -> None:
    """Send codes by e-mail again. Raises PhoneNotFound, users.UserNotFound, versions.VersionChanged."""

    def plan() -> Plan[None]:
        user = users.get(caller.user_id, consistent=True)
        versions.require(if_match, user.version)
        if user.phone_number is None:
            raise PhoneNotFound("You have no number that codes are sent to.")
        event = happenings.of_user("identity.phone.removed", caller.user_id, caller.tenant_id, now)
        return Plan(None, [users.written(user, user._replace(phone_number=None)), event])

    changes.make(plan)


def _attempt(caller: Caller, code: str, now: Instant) -> Plan[User | None]:
    """Return the plan that uses up the code and answers the user; without one, that which counts it as wrong."""
    user = users.get(caller.user_id, consistent=True)
    unlocked = sign_ins.held(user.email, now=now)
    wanted = _read(caller.user_id)
    if wanted is None or not wanted.is_open(now):
        return Plan(None)
    if not challenges.is_met(wanted, code):
        return Plan(None, [_written(caller.user_id, wanted, challenges.failed(wanted))])
    changed = user._replace(phone_number=wanted.phone_number, version=user.version + 1)
    ended = _written(caller.user_id, wanted, challenges.ended(wanted))
    event = happenings.of_user("identity.phone.confirmed", caller.user_id, caller.tenant_id, now)
    return Plan(changed, [users.written(user, changed), ended, unlocked, event])


def _read(user_id: str) -> Challenge | None:
    item = table.get(_key(user_id), consistent=True)
    return None if item is None else records.from_item(Challenge, item)


def _written(user_id: str, before: Challenge | None, after: Challenge) -> Put:
    item = records.to_item(_key(user_id), "PhoneChange", after)
    return Put(item, ABSENT if before is None else unchanged(before.version))


def _key(user_id: str) -> Key:
    return Key(users.partition(user_id), "PHONECHANGE")
