"""The telephone number of an account, over which its one-time codes come once a code that was sent there has shown it.

Whoever wants a number is sent a code to it; until that is confirmed nothing changes. A wrong code counts as a wrong
password does, and the fifth ends the wait. The number stands with the account, and in no event and no log.
"""

from typing import Any

from functions.identity import happenings
from functions.identity.accounts import accounts, users
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


def shown(account: User) -> dict[str, Any]:
    """Return `phone_number`, masked, None without one, and the `otp_channel` of an account."""
    number = account.phone_number
    return {"phone_number": masked(number) if number else None, "otp_channel": channels.of(account)}


def change(caller: Caller, number: str, *, now: Instant) -> dict[str, str]:
    """Send a code to a number that is to be the caller's; return it, masked, and `expires_at`.

    Who owes a second factor has proved one just now: codes for it will come to the number. Raises
    second_factors.SignInRequired, StepUpRequired, users.UserNotFound, sms.NoTextSent,
    allowance.TooManyChallenges, Unavailable.
    """
    second_factors.person(caller)
    step_up.require(caller, step_up.RECENT_SECOND_FACTOR, now=now)
    sms.require_reach(number)
    owner = accounts.owning(caller.user_id, consistent=False).user_id
    challenge_id, code = challenges.new_id(now=now), challenges.new_code()
    digest = seals.digest(code, owner=challenge_id)

    def plan() -> Plan[None]:
        earlier = _read(owner)
        wanted = Challenge(
            challenge_id=challenge_id,
            digest=digest,
            failures=0,
            expires_at=now + challenges.LIFE,
            version=earlier.version + 1 if earlier else 1,
            ttl=(now + challenges.LIFE) // SECOND,
            phone_number=number,
        )
        counted = sent_texts.counted(owner, now=now)
        return Plan(None, [_written(owner, earlier, wanted), counted, challenges.sent(caller, at=now)])

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
    return shown(confirmed) | {"version": confirmed.version if user.account_id is None else user.version}


def remove(caller: Caller, *, if_match: str | None, now: Instant) -> None:
    """Send codes by e-mail again. Raises PhoneNotFound, users.UserNotFound, versions.VersionChanged."""

    def plan() -> Plan[None]:
        user = users.get(caller.user_id, consistent=True)
        versions.require(if_match, user.version)
        account = accounts.of(user)
        if account.phone_number is None:
            raise PhoneNotFound("You have no number that codes are sent to.")
        events = happenings.of_account("identity.phone.removed", account, now)
        return Plan(None, [users.written(account, account._replace(phone_number=None)), *events])

    changes.make(plan)


def _attempt(caller: Caller, code: str, now: Instant) -> Plan[User | None]:
    """Return the plan that uses up the code and answers the account; without one, that which counts it as wrong."""
    account = accounts.owning(caller.user_id)
    unlocked = sign_ins.held(account.email, now=now)
    wanted = _read(account.user_id)
    if wanted is None or not wanted.is_open(now):
        return Plan(None)
    if not challenges.is_met(wanted, code):
        return Plan(None, [_written(account.user_id, wanted, challenges.failed(wanted))])
    changed = account._replace(phone_number=wanted.phone_number, version=account.version + 1)
    ended = _written(account.user_id, wanted, challenges.ended(wanted))
    events = happenings.of_account("identity.phone.confirmed", account, now)
    return Plan(changed, [users.written(account, changed), ended, unlocked, *events])


def _read(owner: str) -> Challenge | None:
    item = table.get(_key(owner), consistent=True)
    return None if item is None else records.from_item(Challenge, item)


def _written(owner: str, before: Challenge | None, after: Challenge) -> Put:
    item = records.to_item(_key(owner), "PhoneChange", after)
    return Put(item, ABSENT if before is None else unchanged(before.version))


def _key(owner: str) -> Key:
    return Key(users.partition(owner), "PHONECHANGE")
