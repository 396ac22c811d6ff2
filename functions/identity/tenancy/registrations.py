"""Registering: a new user, who founds a tenant of their own or accepts an invitation into one.

The role is never asked for: who founds a tenant owns it, and an invitation says what it is for.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from functions.identity import happenings
from functions.identity.accounts import epochs, memberships, passwords, tenants, users
from functions.identity.accounts.tenants import Tenant
from functions.identity.scopes import Role
from functions.identity.tenancy import invitations, removed_members
from functions.identity.tenancy.invitations import Invitation, Opened
from shared import ids
from shared.actors import Actor
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Put, Write


class Place(NamedTuple):
    """Where somebody comes in: as which user of which tenant, in which role, and what has to be written for that."""

    user_id: str
    tenant_id: str
    role: Role
    writes: Sequence[Write]
    epoch: Put


class EmailTaken(Conflict):
    """409: somebody has registered with this e-mail address; sign in."""


class AccountExists(Conflict):
    """409: the invited address has an account; sign in to it, then accept with `POST /api/v1/auth/join`."""


def found_tenant(
    *, email: str, password: str, display_name: str, tenant_name: str, now: Instant, claim: Claim | None = None
) -> Answer:
    """Make a user and a tenant of their own, which they own.

    Returns user_id, tenant_id, email, display_name and role. Raises InvalidInput for the password, EmailTaken.
    """
    tenant_id = ids.new("tenant", at=now)
    founding = tenants.founded(tenant_id=tenant_id, name=tenant_name, at=now)

    def place(user_id: str) -> Place:
        return Place(user_id, tenant_id, "owner", founding, epochs.begun(user_id))

    taken = EmailTaken("Somebody has registered with this e-mail address; sign in instead.")
    return _register(place, taken, email=email, password=password, display_name=display_name, now=now, claim=claim)


def accept_invitation(
    *, token: str, email: str, password: str, display_name: str, now: Instant, claim: Claim | None = None
) -> Answer:
    """Make a user in the tenant and the role that the invitation says, and use it up.

    Whoever was removed from this tenant under this address is the same user again, with all they left, if an owner of
    the tenant invites them; invited by an admin they are a new user.
    Returns what `found_tenant` does. Raises InvalidInput for the password, AccountExists,
    invitations.InvitationNotValid.
    """

    def place(user_id: str) -> Place:
        opened = invitations.opened(token, now=now)
        return invited(opened, inviting_tenant(opened), email=email, user_id=user_id, now=now)

    taken = AccountExists("This e-mail address has an account. Sign in to it, then accept the invitation.")
    return _register(place, taken, email=email, password=password, display_name=display_name, now=now, claim=claim)


def inviting_tenant(opened: Opened) -> Tenant:
    """Return the tenant that an invitation is into. Raises invitations.InvitationNotValid."""
    tenant = table.get(tenants.key(opened.invitation.tenant_id), consistent=True)
    if tenant is None:
        raise invitations.InvitationNotValid("The tenant of this invitation is not there any more.")
    return tenants.from_item(tenant)


def invited(
    opened: Opened, tenant: Tenant, *, email: str, user_id: str, second_factors: int = 0, now: Instant
) -> Place:
    """Return where an invitation leads: as this new user, or as whom its holder was in the tenant before.

    `second_factors` are those of the account they come with. Raises invitations.InvitationNotValid.
    """
    tenant_id, role = opened.invitation.tenant_id, opened.invitation.role
    counted = tenants.counted(tenant, owners=tenants.owning(role, is_disabled=False))
    # What a removed member left is open to the owners of the tenant alone. An admin is told the token of an
    # invitation, and could come back as somebody else with it.
    earlier = removed_members.of_address(tenant_id, email) if opened.giver_role == "owner" else None
    if earlier is None:
        writes = invitations.accepted(opened, email=email, user_id=user_id, now=now)
        epoch = epochs.begun(user_id, second_factors=second_factors)
        return Place(user_id, tenant_id, role, [*writes, counted], epoch)
    user_id = earlier.user_id
    writes = invitations.accepted(opened, email=email, user_id=user_id, now=now)
    returning: list[Write] = [removed_members.forgotten(earlier), _restored(user_id, opened.invitation, now)]
    before = table.get(epochs.key(user_id), consistent=True)
    epoch = epochs.begun_again(before, user_id, second_factors=second_factors)
    return Place(user_id, tenant_id, role, [*writes, counted, *returning], epoch)


def registered(*, user_id: str, tenant_id: str, role: Role, at: Instant) -> Put:
    """Return the event of a new user."""
    state = memberships.stated(memberships.new(tenant_id=tenant_id, user_id=user_id, role=role, at=at))
    return happenings.of_user("identity.user.registered", user_id, tenant_id, at, state=state, role=role)


def _restored(user_id: str, invitation: Invitation, at: Instant) -> Put:
    """Return the event of somebody who was removed and is back."""
    role, tenant_id = invitation.role, invitation.tenant_id
    return happenings.of_tenant(
        "identity.member.restored",
        user_id,
        tenant_id,
        at,
        by=invitation.invited_by,
        state=memberships.stated(memberships.new(tenant_id=tenant_id, user_id=user_id, role=role, at=at)),
        concerned=user_id,
        actor=Actor("user", user_id),
        user_id=user_id,
        role=role,
    )


def _register(
    place: Callable[[str], Place],
    taken: Conflict,
    *,
    email: str,
    password: str,
    display_name: str,
    now: Instant,
    claim: Claim | None,
) -> Answer:
    """Write the user, the lock of their address, their membership and what their place needs, all or nothing.

    `taken` is the refusal when the address has an account.
    """
    passwords.check(password, email=email)
    password_hash = passwords.hashed(password)
    user_id = ids.new("user", at=now)

    def plan() -> Plan[Answer]:
        if table.get(users.email_key(email), consistent=True) is not None:
            raise taken
        found = place(user_id)
        ids_of = {"user_id": found.user_id, "tenant_id": found.tenant_id}
        who = ids_of | {"email": email, "display_name": display_name}
        joining = memberships.joined(**ids_of, role=found.role, at=now)
        entering = users.new(**who, password_hash=password_hash, epoch=found.epoch, at=now)
        happened = registered(**ids_of, role=found.role, at=now)
        return Plan(who | {"role": found.role}, [*found.writes, *entering, joining, happened])

    return changes.make(plan, claim=claim)
