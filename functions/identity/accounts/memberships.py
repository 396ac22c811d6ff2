"""Memberships: that a user belongs to a tenant, and as what. A user is a member of one tenant."""

from typing import Any, NamedTuple

from functions.identity.scopes import Role
from shared import clock
from shared.callers import auth
from shared.clock import Instant
from shared.storage import records
from shared.storage.attributes import Item
from shared.storage.writes import ABSENT, Put, unchanged


class Member(NamedTuple):
    """A member of a tenant as it is stored."""

    tenant_id: str
    user_id: str
    role: Role
    disabled: bool
    created_at: str
    version: int


def to_item(member: Member) -> Item:
    """Return the item of a member."""
    return records.to_item(auth.membership_key(member.tenant_id, member.user_id), "Member", member)


def from_item(item: Item) -> Member:
    """Return the member of an item."""
    return records.from_item(Member, item)


def found(item: Item | None) -> Member | None:
    """Return the member of an item that may not be there."""
    return None if item is None else from_item(item)


def new(*, tenant_id: str, user_id: str, role: Role, at: Instant) -> Member:
    """Return somebody who becomes a member."""
    return Member(tenant_id, user_id, role, disabled=False, created_at=clock.to_rfc3339(at), version=1)


def joined(*, tenant_id: str, user_id: str, role: Role, at: Instant) -> Put:
    """Return the write that makes the user a member of the tenant."""
    return Put(to_item(new(tenant_id=tenant_id, user_id=user_id, role=role, at=at)), ABSENT)


def stated(member: Member) -> dict[str, Any]:
    """Return the state of a member as the events announce it."""
    return {
        "version": member.version,
        "created_at": member.created_at,
        "status": "disabled" if member.disabled else "active",
        "role": member.role,
    }


def written(before: Member, after: Member) -> Put:
    """Return the write of a member that brings it to its next version."""
    return Put(to_item(after._replace(version=before.version + 1)), unchanged(before.version))
