"""Members: who belongs to a tenant, and as what. A user is a member of one tenant, an account may be of several.

Who governs is read from the table, never from the token: an owner who has just been demoted holds a token of an owner
for up to a minute.
"""

from collections.abc import Sequence
from typing import Any

from functions.identity import happenings
from functions.identity.accounts import accounts, epochs, identities, memberships, tenants, users
from functions.identity.accounts.memberships import Member
from functions.identity.accounts.tenants import Tenant
from functions.identity.accounts.users import Membership, User
from functions.identity.scopes import Role, may_govern
from functions.identity.second_factor import second_factors
from functions.identity.tenancy import removed_members
from shared import ids
from shared.callers import auth
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Forbidden, NotFound
from shared.storage import changes, cursors, events, table, versions
from shared.storage.changes import Plan
from shared.storage.events import Event
from shared.storage.writes import PRESENT, Check, Delete, Put, Write, unchanged

View = dict[str, Any]

PREFIX = "MEMBER#"

_READ_TOGETHER = 100


class MemberNotFound(NotFound):
    """404: there is no such user in your tenant."""


class BeyondYourRole(Forbidden):
    """403: your role in the tenant does not reach that far; only an owner governs owners."""


def governing(caller: Caller, member: Member | None, *roles: Role) -> Check:
    """Return the check that the caller still is the member that was read, who may govern these roles.

    Raises BeyondYourRole.
    """
    if member is None or member.disabled or not all(may_govern(member.role, role) for role in roles):
        raise BeyondYourRole("Your role in the tenant does not reach that far.")
    return Check(auth.membership_key(caller.tenant_id, caller.user_id), unchanged(member.version))


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the people in the caller's tenant; one query and one call for who they are.

    Services are members too and are not shown; where they fill a page, the next is read at once.
    """
    shown: list[tuple[Member, User]] = []
    while len(shown) <= limit:
        members, cursor = listed(caller.tenant_id, limit=min(limit + 1, _READ_TOGETHER), cursor=cursor)
        pairs = zip(members, table.get_many([users.key(each.user_id) for each in members]), strict=True)
        shown += [(member, users.from_item(user)) for member, user in pairs if user is not None]
        if cursor is None:
            break
    views = [_view(member, user) for member, user in shown[:limit]]
    last = memberships.to_item(shown[limit - 1][0]) if len(shown) > limit else None
    return views, None if last is None else cursors.after(last, index=False)


def change(caller: Caller, user_id: str, wanted: dict[str, Any], *, if_match: str | None, now: Instant) -> View:
    """Change `role` or `disabled` of a member and return them.

    The tokens of the member are revoked; who is disabled is signed out as well and cannot sign in.
    Raises MemberNotFound, BeyondYourRole, tenants.LastOwner, versions.VersionChanged.
    """

    def plan() -> Plan[View]:
        actor, member, user, tenant = _read(caller, user_id)
        versions.require(if_match, member.version)
        changed = member._replace(**wanted)
        governed = governing(caller, actor, member.role, changed.role)
        if changed == member:
            return Plan(_view(member, user))
        changed = changed._replace(version=member.version + 1)
        owners = _owning(changed) - _owning(member)
        writes = [
            memberships.written(member, changed),
            *([] if user_id == caller.user_id else [governed]),
            tenants.counted(tenant, owners=owners),
            *_following(caller, member, changed, now),
        ]
        return Plan(_view(changed, user), writes)

    return changes.make(plan)


def remove(caller: Caller, user_id: str, *, if_match: str | None, now: Instant) -> None:
    """Remove a member: their sessions in this tenant end.

    With the last membership of an account the account ends, and its address is free again; others are left alone.
    What they own in other contexts stays, closed to all but the owners of the tenant (`removed_members.py`); invited
    again, they have it back.
    Raises MemberNotFound, BeyondYourRole, tenants.LastOwner, versions.VersionChanged.
    """

    def plan() -> Plan[None]:
        actor, member, user, tenant = _read(caller, user_id)
        versions.require(if_match, member.version)
        governed = governing(caller, actor, member.role)
        writes = [
            Delete(auth.membership_key(caller.tenant_id, user_id), unchanged(member.version)),
            *([] if user_id == caller.user_id else [governed]),
            tenants.counted(tenant, owners=-_owning(member)),
            *_leaving(user),
            removed_members.recorded(member, user, by=caller.user_id, at=now),
            epochs.ended(user_id),
            _happened("removed", caller, member, now, state=_without(member)),
        ]
        return Plan(None, writes)

    changes.make(plan)


def listed(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[Member], str | None]:
    """Return a page of the members of a tenant, its services among them; one query."""
    found = table.query(tenants.key(tenant_id).pk, PREFIX, limit=limit, cursor=cursor)
    return [memberships.from_item(item) for item in found.items], found.next_cursor


def restated(member: Member) -> Event:
    """Return the event that says how a member is stored now."""
    return events.stated(
        "identity.member",
        subject_id=member.user_id,
        tenant_id=member.tenant_id,
        data={"user_id": member.user_id, "role": member.role},
        state=memberships.stated(member),
    )


def _read(caller: Caller, user_id: str) -> tuple[Member | None, Member, User, Tenant]:
    """Return the caller's membership, that of the user, the user, and the tenant. Raises MemberNotFound."""
    if not ids.is_valid(user_id, "user"):
        raise MemberNotFound("There is no such user in your tenant.")
    keys = [
        auth.membership_key(caller.tenant_id, caller.user_id),
        auth.membership_key(caller.tenant_id, user_id),
        users.key(user_id),
        tenants.key(caller.tenant_id),
    ]
    actor, member, user, tenant = table.get_many(keys, consistent=True)
    if member is None or user is None or tenant is None:
        raise MemberNotFound("There is no such user in your tenant.")
    return memberships.found(actor), memberships.from_item(member), users.from_item(user), tenants.from_item(tenant)


def _leaving(user: User) -> Sequence[Write]:
    """Return the writes by which an account is without this user, and ends with its last one."""
    account = accounts.of(user)
    membership = Membership(user.user_id, user.tenant_id)
    is_account = user.user_id == account.user_id
    if account.places != (membership,):
        # The item of the account stays, also without a user of its own.
        return [accounts.left(account, membership), *([] if is_account else [Delete(users.key(user.user_id), PRESENT)])]
    return [
        Delete(users.key(account.user_id), unchanged(account.version)),
        *([] if is_account else [Delete(users.key(user.user_id), PRESENT)]),
        Delete(users.email_key(account.email), PRESENT),
        Delete(second_factors.key(account.user_id)),
        *identities.removed(account.identity),
    ]


def _following(caller: Caller, before: Member, after: Member, now: Instant) -> Sequence[Write]:
    """Return what follows from a change: tokens that end, and events."""
    user_id, role = after.user_id, after.role
    writes: list[Write] = []
    if after.disabled and not before.disabled:
        writes += [epochs.ended(user_id), _happened("disabled", caller, after, now)]
    elif role != before.role:
        writes.append(epochs.raised(user_id))
    if before.disabled and not after.disabled:
        writes.append(_happened("enabled", caller, after, now))
    if role != before.role:
        writes.append(_happened("role_changed", caller, after, now, earlier_role=before.role))
    return writes


def _owning(member: Member) -> int:
    return tenants.owning(member.role, is_disabled=member.disabled)


def _happened(
    what: str, caller: Caller, member: Member, at: Instant, *, state: dict[str, Any] | None = None, **more: Any
) -> Put:
    """Return the event of a member as they are after it; `state` if that is another than theirs."""
    return happenings.of_tenant(
        f"identity.member.{what}",
        member.user_id,
        caller.tenant_id,
        at,
        by=caller.user_id,
        state=state or memberships.stated(member),
        concerned=member.user_id,
        user_id=member.user_id,
        role=member.role,
        **more,
    )


def _without(member: Member) -> dict[str, Any]:
    """Return the state of a member who is one no longer."""
    return memberships.stated(member) | {"version": member.version + 1, "status": "removed"}


def _view(member: Member, user: User) -> View:
    return {
        "user_id": user.user_id,
        "email": user.email,
        "display_name": user.display_name,
        "role": member.role,
        "disabled": member.disabled,
        "created_at": member.created_at,
        "version": member.version,
    }
