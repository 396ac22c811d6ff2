"""Joining: somebody with an account accepts an invitation to its address, and is a member of one tenant more.

They are signed in to the account, and say so in so many words: nothing is joined by an address alone. Where the account
has a second factor, or the tenant demands one, the session must have proved one.
"""

from functions.identity import happenings
from functions.identity.accounts import accounts, memberships, users
from functions.identity.accounts.users import Membership, User, UserNotFound
from functions.identity.second_factor import second_factors
from functions.identity.tenancy import invitations, registrations
from functions.identity.tenancy.registrations import Place
from shared import ids
from shared.actors import Actor
from shared.callers import step_up
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write


class AlreadyMember(Conflict):
    """409: your account is a member of this tenant; switch to it."""


def join(caller: Caller, token: str, *, now: Instant, claim: Claim | None = None) -> Answer:
    """Use up an invitation and return the membership: tenant_id, tenant_name, user_id and role.

    Whoever was removed from this tenant under this address is the same user again, if an owner invites them.
    Raises second_factors.SignInRequired, UserNotFound, invitations.InvitationNotValid, AlreadyMember, StepUpRequired,
    accounts.TooManyMemberships.
    """
    second_factors.person(caller)
    user_id = ids.new("user", at=now)

    def plan() -> Plan[Answer]:
        user, standing = users.read(caller.user_id, caller.tenant_id)
        if user is None or standing is None or standing.is_disabled:
            raise UserNotFound("There is no such user any more.")
        account = accounts.of(user)
        opened = invitations.opened(token, now=now)
        tenant = registrations.inviting_tenant(opened)
        known = standing.epoch.second_factors
        place = registrations.invited(
            opened, tenant, email=account.email, user_id=user_id, second_factors=known, now=now
        )
        if place.tenant_id in {each.tenant_id for each in account.places}:
            raise AlreadyMember("Your account is a member of this tenant already.")
        if known or tenant.require_second_factor:
            step_up.require_method(caller)
        answered = {"tenant_id": place.tenant_id, "tenant_name": tenant.name, "user_id": place.user_id}
        return Plan(answered | {"role": place.role}, _joined(account, place, user.display_name, now))

    return changes.make(plan, claim=claim)


def _joined(account: User, place: Place, display_name: str, at: Instant) -> list[Write]:
    """Return the writes by which an account is a member of a tenant."""
    membership = Membership(place.user_id, place.tenant_id)
    # The user whom the account was made with has their item still; they come back to it.
    is_account = place.user_id == account.user_id
    event = happenings.of_tenant(
        "identity.member.joined",
        place.user_id,
        place.tenant_id,
        at,
        by=place.user_id,
        state=memberships.stated(memberships.new(**membership._asdict(), role=place.role, at=at)),
        concerned=place.user_id,
        # In this tenant they are another user than in the one that they call from.
        actor=Actor("user", place.user_id),
        user_id=place.user_id,
        role=place.role,
    )
    return [
        *place.writes,
        *([] if is_account else [users.joined(account, membership, display_name=display_name, at=at)]),
        place.epoch,
        memberships.joined(tenant_id=place.tenant_id, user_id=place.user_id, role=place.role, at=at),
        accounts.joined(account, membership),
        event,
    ]
