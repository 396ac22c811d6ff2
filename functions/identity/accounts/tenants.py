"""Tenants: founded with their first owner, and never without one after that.

`owners` counts the owners who can sign in. Whatever changes it is conditioned on the version of the tenant, so two
owners who demote each other at once come one after the other.

Every tenant has an entry in a list that is spread over shards, for operators who look at all of them; no request does.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from functions.identity.scopes import Role
from shared import clock
from shared.callers import tenant_settings
from shared.callers.tenant_settings import TenantSettings, Weekday
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, PRESENT, Check, Put, Write, unchanged

SHARDS: Final = 8
"""Over how many partitions the list of all tenants is spread."""
_LISTED: Final = "TENANT#"
_DEFAULTS: Final = TenantSettings()


class LastOwner(Conflict):
    """409: the tenant would be left without an owner who can sign in; make somebody else an owner first."""


class Tenant(NamedTuple):
    """A tenant as it is stored; it may demand a second factor of its members even if they have none enrolled."""

    tenant_id: str
    name: str
    owners: int
    require_second_factor: bool
    created_at: str
    version: int
    # What every context goes by (shared/callers/tenant_settings.py).
    time_zone: str = _DEFAULTS.time_zone
    locale: str = _DEFAULTS.locale
    currency: str | None = _DEFAULTS.currency
    phone_region: str | None = _DEFAULTS.phone_region
    postal_address: Mapping[str, object] | None = _DEFAULTS.postal_address
    working_days: Sequence[Weekday] = _DEFAULTS.working_days
    evidence_quota_bytes: int = _DEFAULTS.evidence_quota_bytes


class _Entry(NamedTuple):
    """A tenant in the list of all tenants."""

    tenant_id: str


def key(tenant_id: str) -> Key:
    """Return the key of a tenant."""
    return tenant_settings.key(tenant_id)


def founded(*, tenant_id: str, name: str, at: Instant) -> list[Put]:
    """Return the writes of a new tenant with one owner."""
    tenant = Tenant(
        tenant_id=tenant_id,
        name=name,
        owners=1,
        require_second_factor=False,
        created_at=clock.to_rfc3339(at),
        version=1,
    )
    return [Put(to_item(tenant), ABSENT), Put(entry(tenant_id), ABSENT)]


def entry(tenant_id: str) -> Item:
    """Return the item of a tenant in the list of all tenants."""
    return records.to_item(entry_key(tenant_id), "TenantEntry", _Entry(tenant_id))


def entry_key(tenant_id: str) -> Key:
    """Return the key of a tenant in the list of all tenants."""
    return Key(_list(zlib.crc32(tenant_id.encode()) % SHARDS), f"{_LISTED}{tenant_id}")


def listed(shard: int, *, limit: int, cursor: str | None) -> tuple[list[str], str | None]:
    """Return a page of the ids of the tenants in a shard of the list; one query."""
    found = table.query(_list(shard), _LISTED, limit=limit, cursor=cursor)
    return [item["tenant_id"] for item in found.items], found.next_cursor


def _list(shard: int) -> str:
    return f"TENANTS#{shard}"


def to_item(tenant: Tenant) -> Item:
    """Return the item of a tenant."""
    return records.to_item(key(tenant.tenant_id), "Tenant", tenant)


def from_item(item: Item) -> Tenant:
    """Return the tenant of an item; one that was founded before there was a demand makes none."""
    tenant = records.from_item(Tenant, {"require_second_factor": False, **item})
    return tenant._replace(working_days=tuple(tenant.working_days))


def written(before: Tenant, after: Tenant) -> Put:
    """Return the write of a tenant that brings it to its next version."""
    return Put(to_item(after._replace(version=before.version + 1)), unchanged(before.version))


def counted(tenant: Tenant, *, owners: int) -> Write:
    """Return the write of so many owners more or less, or the check that the tenant is there. Raises LastOwner."""
    if owners == 0:
        return Check(key(tenant.tenant_id), PRESENT)
    left = tenant.owners + owners
    if left < 1:
        raise LastOwner("The tenant would be left without an owner; make somebody else an owner first.")
    return written(tenant, tenant._replace(owners=left))


def owning(role: Role, *, is_disabled: bool) -> int:
    """Return how many owners who can sign in a member is: one or none."""
    return 1 if role == "owner" and not is_disabled else 0
