"""Switching: somebody who is signed in gets a session in another tenant of their account.

It continues the session that they have: nothing was proved anew, so it ends when that would have, and tells when
something was last proved. Where the account has a second factor, or the other tenant demands one, the session must have
proved one.
"""

from functions.identity.accounts import accounts, users
from functions.identity.accounts.users import Account, Membership, User, UserNotFound
from functions.identity.second_factor import second_factors
from functions.identity.sign_in import entries, sessions
from functions.identity.sign_in.entries import Entry, MembershipShown
from shared.callers import step_up
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import changes
from shared.storage.changes import Plan


class MembershipNotFound(NotFound):
    """404: your account is no member of this tenant, or is disabled there."""


def page(caller: Caller) -> list[MembershipShown]:
    """Return the tenants that the caller's account may enter. Raises second_factors.SignInRequired, UserNotFound."""
    second_factors.person(caller)
    account, standing = _who(caller)
    return [entries.shown(each) for each in accounts.open_ones(account, standing)]


def switch(caller: Caller, tenant_id: str, *, now: Instant, source_address: str | None = None) -> Entry:
    """Begin a session in another tenant and return its tokens; the present one goes on.

    Raises second_factors.SignInRequired, UserNotFound, TokenRevoked, MembershipNotFound, StepUpRequired, Unavailable.
    """
    second_factors.person(caller)

    def plan() -> Plan[Entry]:
        account, standing = _who(caller)
        earlier, going_on = sessions.continued(caller, standing, now=now)
        open_ones = accounts.open_ones(account, standing)
        wanted = next((each for each in open_ones if each.tenant_id == tenant_id), None)
        if wanted is None:
            raise MembershipNotFound("Your account is no member of this tenant, or is disabled there.")
        if wanted.owes_second_factor:
            step_up.require_method(caller)
        beginning = sessions.begin(wanted, amr=caller.amr, now=now, source_address=source_address, earlier=earlier)
        entered = accounts.used(account, Membership(wanted.user_id, wanted.tenant_id))
        return Plan(entries.of(beginning.grant, wanted, open_ones), [going_on, entered, *beginning.writes])

    return changes.make(plan)


def _who(caller: Caller) -> tuple[User, Account]:
    """Return the account of the caller, and how it stands in their tenant. Raises UserNotFound."""
    user, standing = users.read(caller.user_id, caller.tenant_id)
    if user is None or standing is None or standing.is_disabled:
        raise UserNotFound("There is no such user any more.")
    return accounts.of(user), standing
