"""Removed members: that somebody was a member, so that an owner of the tenant can look after what they left.

Their account is gone, and of who they were only the name is kept. When the same address is invited into the tenant
again, whoever accepts is the same user as before and has everything back; the digest of the address tells.
"""

from typing import Any, NamedTuple

from functions.identity.accounts import tenants, users
from functions.identity.accounts.memberships import Member
from functions.identity.accounts.users import User
from functions.identity.scopes import Role
from shared import clock
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import PRESENT, Delete, Put

PREFIX = "REMOVED#"


class Removed(NamedTuple):
    """Who was a member of a tenant, and as what, when they were removed, and by whom."""

    tenant_id: str
    user_id: str
    display_name: str
    role: Role
    removed_by: str
    removed_at: str


def recorded(member: Member, user: User, *, by: str, at: Instant) -> Put:
    """Return the write that remembers a member who is being removed."""
    who = (member.tenant_id, member.user_id, user.display_name)
    removed = Removed(*who, role=member.role, removed_by=by, removed_at=clock.to_rfc3339(at))
    item = records.to_item(_key(member.tenant_id, member.user_id), "RemovedMember", removed)
    place = {"GSI1PK": users.email_partition(user.email), "GSI1SK": _indexed(member.tenant_id)}
    return Put(item | place)


def forgotten(removed: Removed) -> Delete:
    """Return the write by which somebody is no removed member any more; it fails when they are none by then."""
    return Delete(_key(removed.tenant_id, removed.user_id), PRESENT)


def of_address(tenant_id: str, email: str) -> Removed | None:
    """Return who had this address in the tenant, whoever was removed last; None when nobody had it. One query."""
    found = table.query(users.email_partition(email), _indexed(tenant_id), index=True, limit=100)
    removed = [records.from_item(Removed, item) for item in found.items]
    return max(removed, key=lambda each: each.removed_at, default=None)


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of those who were removed from the caller's tenant; one query."""
    found = table.query(tenants.key(caller.tenant_id).pk, PREFIX, limit=limit, cursor=cursor)
    return [_view(records.from_item(Removed, item)) for item in found.items], found.next_cursor


def _view(removed: Removed) -> dict[str, Any]:
    shown = removed._asdict()
    del shown["tenant_id"]
    return shown


def _key(tenant_id: str, user_id: str) -> Key:
    return Key(tenants.key(tenant_id).pk, f"{PREFIX}{user_id}")


def _indexed(tenant_id: str) -> str:
    return f"ENTITY#RemovedMember#{tenant_id}"
