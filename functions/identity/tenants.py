"""Tenants and their members. A tenant is founded with its first owner; a member has one role in it."""

from functions.identity.scopes import Role
from shared import auth, clock
from shared.attributes import Item, Key
from shared.clock import Instant
from shared.errors import NotFound
from shared.writes import ABSENT, PRESENT, Check, Put


class TenantNotFound(NotFound):
    """404: there is no such tenant."""


def key(tenant_id: str) -> Key:
    """Return the key of a tenant."""
    return Key(f"TENANT#{tenant_id}", "TENANT")


def founded(*, tenant_id: str, name: str, at: Instant) -> Put:
    """Return the write of a new tenant."""
    pk, sk = key(tenant_id)
    item: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "Tenant",
        "tenant_id": tenant_id,
        "name": name,
        "created_at": clock.to_rfc3339(at),
        "version": 1,
    }
    return Put(item, ABSENT)


def standing(tenant_id: str) -> Check:
    """Return the check that the tenant is there."""
    return Check(key(tenant_id), PRESENT)


def joined(*, tenant_id: str, user_id: str, role: Role, at: Instant) -> Put:
    """Return the write that makes the user a member of the tenant; the index lists the tenants of a user."""
    pk, sk = auth.membership_key(tenant_id, user_id)
    created_at = clock.to_rfc3339(at)
    item: Item = {
        "PK": pk,
        "SK": sk,
        "GSI1PK": f"USER#{user_id}",
        "GSI1SK": f"ENTITY#Member#{created_at}",
        "entity": "Member",
        "tenant_id": tenant_id,
        "user_id": user_id,
        "role": role,
        "created_at": created_at,
        "version": 1,
    }
    return Put(item, ABSENT)
