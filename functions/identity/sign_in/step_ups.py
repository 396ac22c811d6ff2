"""Step-up: somebody who is signed in proves their second factor and is given a token that says so, for five minutes.

Whoever has enrolled an authenticator proves it with that and with nothing weaker: no code is sent to them. All
others are sent one over their channel. Both calls are for callers who are signed in and about themselves: the name of
anybody else is answered as it would be if there were nobody of that name, without a look whether there is.
"""

from typing import Any

from functions.identity import happenings
from functions.identity.access_tokens import minting
from functions.identity.accounts import accounts, users
from functions.identity.accounts.emails import normalise
from functions.identity.accounts.users import Account, User, UserNotFound
from functions.identity.audit.failures import Failure
from functions.identity.codes import challenges, channels
from functions.identity.second_factor import second_factors
from functions.identity.second_factor.second_factors import Proof
from functions.identity.sign_in import code_sign_ins, sign_ins
from shared import clock
from shared.callers import step_up
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write

LIFETIME_SECONDS = step_up.MAX_AGE_SECONDS


def generate(caller: Caller, *, username: str, now: Instant) -> dict[str, str]:
    """Challenge the caller, and send a code if need be; return `challenge_id` and `expires_at`, never the code.

    Raises second_factors.SignInRequired, users.UserNotFound, allowance.TooManyChallenges, mail.NoMailSent,
    sms.NoTextSent, Unavailable.
    """
    second_factors.person(caller)
    user, account = _who(caller)
    challenge_id = challenges.new_id(now=now)
    if not account.epoch.second_factors:
        channel = channels.require(user, now=now)
        if normalise(username) == user.email:
            code = challenges.begin(caller, challenge_id, owner=user.user_id, channel=channel, now=now)
            channels.send(code, to=user, channel=channel, minutes=challenges.MINUTES, challenge_id=challenge_id)
    return {"challenge_id": challenge_id, "expires_at": clock.to_rfc3339(now + challenges.LIFE)}


def verify(
    caller: Caller,
    *,
    code: str,
    username: str | None,
    challenge_id: str | None,
    now: Instant,
    source_address: str | None = None,
) -> dict[str, Any]:
    """Use up a code of the authenticator, or of the challenge, and return a token that says so.

    A wrong one counts as a wrong password does. Raises second_factors.SignInRequired, second_factors.WrongCode,
    users.UserNotFound, sign_ins.SignInLocked, Unavailable.
    """
    second_factors.person(caller)
    user, _ = _who(caller)
    if username is not None and normalise(username) != user.email:
        raise second_factors.wrong_code()
    token = changes.make(lambda: _attempt(caller, user.email, code, challenge_id, now))
    if token is None:
        failure = Failure("step_up", "wrong_code", caller.user_id, caller.tenant_id, source_address)
        sign_ins.fail(user.email, failure, now=now)
        raise second_factors.wrong_code()
    return {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS}


def _who(caller: Caller) -> tuple[User, Account]:
    """Return the account of the caller, and how it stands in their tenant. Raises UserNotFound."""
    user, account = users.read(caller.user_id, caller.tenant_id)
    if user is None or account is None or account.is_disabled:
        raise UserNotFound("There is no such user any more.")
    return accounts.of(user), account


def _attempt(caller: Caller, email: str, code: str, challenge_id: str | None, now: Instant) -> Plan[str | None]:
    """Return the plan that uses up the code and answers a token; without a token, the one that counts a failure."""
    _, account = _who(caller)
    unlocked = sign_ins.held(email, now=now)
    using, failing = _meeting(account, code, challenge_id, now)
    if using is None:
        return Plan(None, failing)
    # Signed before the code is used up: whoever meets a busy signing key can send the same code again.
    token = minting.mint(
        account,
        session_id=str(caller.session_id),
        amr=code_sign_ins.with_code(caller.amr),
        auth_time=now // SECOND,
        now=now,
        lifetime_seconds=LIFETIME_SECONDS,
    )
    whose = (str(caller.session_id), caller.user_id, caller.tenant_id)
    event = happenings.of_session("identity.session.stepped_up", *whose, now)
    return Plan(token, [*using, unlocked, event])


def _meeting(
    account: Account, code: str, challenge_id: str | None, now: Instant
) -> tuple[list[Write] | None, list[Write]]:
    """Return the writes that use up the code, None for a wrong one, and those that count it as wrong."""
    if account.epoch.second_factors:
        proof = Proof("code", code)
        return second_factors.used(proof, account, now=now), []
    owner = account.account_id
    challenge = challenges.open_one(owner, challenge_id, now=now)
    if challenge is None:
        return None, []
    right = challenges.is_met(challenge, code)
    failing: list[Write] = [challenges.written(owner, challenge, challenges.failed(challenge))]
    ending: list[Write] = [challenges.written(owner, challenge, challenges.ended(challenge))]
    return (ending if right else None), failing
