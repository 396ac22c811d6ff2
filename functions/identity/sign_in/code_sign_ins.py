"""The second step of a sign-in: a code after the password, or after another provider has vouched.

A wrong code counts as a wrong password does: five of either in 15 minutes lock the address. So whoever knows the
password guesses no more codes by beginning again, and the right code must get its write in before the fifth failure.
"""

from collections.abc import Sequence

from functions.identity.accounts import accounts, users
from functions.identity.audit.failures import Failure
from functions.identity.second_factor import second_factors
from functions.identity.second_factor.second_factors import Proof
from functions.identity.sign_in import entries, pending_sign_ins, sessions, sign_ins
from functions.identity.sign_in.entries import Entry
from functions.identity.sign_in.pending_sign_ins import PendingSignIn
from shared.callers import step_up
from shared.callers.challenges import Unauthenticated
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan


class InvalidCode(Unauthenticated):
    """401: the code is wrong, too old, or has been used; wait for the next one."""


def with_code(amr: Sequence[str]) -> tuple[str, ...]:
    """Return what has been proved, with a one-time code besides."""
    return tuple(dict.fromkeys((*amr, step_up.METHOD)))


def finish(*, mfa_token: str, proof: Proof, now: Instant, source_address: str | None = None) -> Entry:
    """Begin the session that waited for this and return its tokens.

    Raises pending_sign_ins.InvalidMfaToken, InvalidCode, sign_ins.SignInLocked, Unavailable.
    """
    made = changes.make(lambda: _attempt(mfa_token, proof, now, source_address))
    if isinstance(made, PendingSignIn):
        failure = Failure("sign_in", "wrong_code", made.user_id, made.tenant_id, source_address)
        sign_ins.fail(made.email, failure, now=now)
        raise InvalidCode("The code is wrong, too old, or has been used.")
    return made


def _attempt(mfa_token: str, proof: Proof, now: Instant, source_address: str | None) -> Plan[Entry | PendingSignIn]:
    """Return the plan that begins the session, or the one that counts a wrong code and leaves the sign-in waiting."""
    pending = pending_sign_ins.get(mfa_token, now=now)
    user, account = users.read(pending.user_id, pending.tenant_id)
    if user is None or account is None or account.is_disabled or account.epoch.sign_outs != pending.sign_outs:
        raise pending_sign_ins.over()
    forgiven = sign_ins.forgiven(pending.email, now=now)
    using = second_factors.used(proof, account, now=now)
    if using is None:
        return Plan(pending, [pending_sign_ins.failed(mfa_token, pending)])
    beginning = sessions.begin(account, amr=with_code(pending.amr), now=now, source_address=source_address)
    writes = [pending_sign_ins.spent(mfa_token, pending), *using, *forgiven, *beginning.writes]
    open_ones = accounts.open_ones(accounts.of(user), account)
    return Plan(entries.of(beginning.grant, account, open_ones), writes)
