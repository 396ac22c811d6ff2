"""Registering: a new user, who founds a tenant of their own or accepts an invitation into one.

The role is never asked for: who founds a tenant owns it, and an invitation says what it is for.
"""

from collections.abc import Callable, Sequence

from functions.identity import invitations, members, passwords, tenants, users
from functions.identity.scopes import Role
from shared import changes, events, ids, table
from shared.changes import Plan
from shared.clock import Instant
from shared.errors import Conflict
from shared.idempotency import Answer, Claim
from shared.writes import Put, Write

# The tenant to join, the role in it, and what else has to be written for that.
Place = tuple[str, Role, Sequence[Write]]


class EmailTaken(Conflict):
    """409: somebody has registered with this e-mail address; sign in instead."""


def found_tenant(
    *, email: str, password: str, display_name: str, tenant_name: str, now: Instant, claim: Claim | None = None
) -> Answer:
    """Make a user and a tenant of their own, which they own.

    Returns user_id, tenant_id, email, display_name and role. Raises InvalidInput for the password, EmailTaken.
    """
    tenant_id = ids.new("tenant", at=now)
    founding = tenants.founded(tenant_id=tenant_id, name=tenant_name, at=now)

    def place(_user_id: str) -> Place:
        return tenant_id, "owner", [founding]

    return _register(place, email=email, password=password, display_name=display_name, now=now, claim=claim)


def accept_invitation(
    *, token: str, email: str, password: str, display_name: str, now: Instant, claim: Claim | None = None
) -> Answer:
    """Make a user in the tenant and the role that the invitation says, and use it up.

    Returns what `found_tenant` does. Raises InvalidInput for the password, EmailTaken, invitations.InvitationNotValid.
    """

    def place(user_id: str) -> Place:
        invitation, writes = invitations.accepted(token, email=email, user_id=user_id, now=now)
        tenant_id, role = invitation["tenant_id"], invitation["role"]
        tenant = table.get(tenants.key(tenant_id), consistent=True)
        if tenant is None:
            raise invitations.InvitationNotValid("The tenant of this invitation is not there any more.")
        counted = tenants.counted(tenant, owners=tenants.owning(role, is_disabled=False))
        return tenant_id, role, [*writes, counted]

    return _register(place, email=email, password=password, display_name=display_name, now=now, claim=claim)


def registered(*, user_id: str, tenant_id: str, role: Role, at: Instant) -> Put:
    """Return the event of a new user."""
    return events.occurred(
        "identity.user.registered",
        partition=users.partition(user_id),
        subject_id=user_id,
        tenant_id=tenant_id,
        at=at,
        data={"user_id": user_id, "role": role},
    )


def _register(
    place: Callable[[str], Place], *, email: str, password: str, display_name: str, now: Instant, claim: Claim | None
) -> Answer:
    """Write the user, the lock of their address, their membership and what their place needs, all or nothing."""
    passwords.check(password, email=email)
    password_hash = passwords.hashed(password)
    user_id = ids.new("user", at=now)

    def plan() -> Plan:
        if table.get(users.email_key(email), consistent=True) is not None:
            raise EmailTaken("Somebody has registered with this e-mail address; sign in instead.")
        tenant_id, role, writes = place(user_id)
        who = {"user_id": user_id, "tenant_id": tenant_id, "email": email, "display_name": display_name}
        joining = members.joined(tenant_id=tenant_id, user_id=user_id, role=role, at=now)
        entering = users.new(**who, password_hash=password_hash, at=now)
        happened = registered(user_id=user_id, tenant_id=tenant_id, role=role, at=now)
        return Plan(who | {"role": role}, [*writes, *entering, joining, happened])

    return changes.make(plan, claim=claim)
