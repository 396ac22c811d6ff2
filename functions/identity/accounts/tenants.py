"""Tenants: founded with their first owner, and never without one after that.

`owners` counts the owners who can sign in. Whatever changes it is conditioned on the version of the tenant, so two
owners who demote each other at once come one after the other.
"""

from functions.identity.scopes import Role
from shared import clock
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, PRESENT, Check, Put, Write, unchanged


class LastOwner(Conflict):
    """409: the tenant would be left without an owner who can sign in; make somebody else an owner first."""


def key(tenant_id: str) -> Key:
    """Return the key of a tenant."""
    return Key(f"TENANT#{tenant_id}", "TENANT")


def founded(*, tenant_id: str, name: str, at: Instant) -> Put:
    """Return the write of a new tenant with one owner."""
    pk, sk = key(tenant_id)
    item: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "Tenant",
        "tenant_id": tenant_id,
        "name": name,
        "owners": 1,
        "require_second_factor": False,
        "created_at": clock.to_rfc3339(at),
        "version": 1,
    }
    return Put(item, ABSENT)


def demands_second_factor(tenant: Item | None) -> bool:
    """Tell whether the tenant asks its members for a second factor even if they have none enrolled."""
    return bool(tenant and tenant.get("require_second_factor", False))


def counted(tenant: Item, *, owners: int) -> Write:
    """Return the write of so many owners more or less, or the check that the tenant is there. Raises LastOwner."""
    if owners == 0:
        return Check(key(tenant["tenant_id"]), PRESENT)
    left = tenant["owners"] + owners
    if left < 1:
        raise LastOwner("The tenant would be left without an owner; make somebody else an owner first.")
    return Put(tenant | {"owners": left, "version": tenant["version"] + 1}, unchanged(tenant["version"]))


def owning(role: Role, *, is_disabled: bool) -> int:
    """Return how many owners who can sign in a member is: one or none."""
    return 1 if role == "owner" and not is_disabled else 0
