"""Removed members: that somebody was a member, so that an owner of the tenant can look after what they left.

Their account is gone, and of who they were only the name is kept. When the same address is invited into the tenant
again, whoever accepts is the same user as before and has everything back; the digest of the address tells.
"""

from typing import Any

from functions.identity.accounts import tenants, users
from shared import clock
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import PRESENT, Delete, Put

PREFIX = "REMOVED#"


def recorded(member: Item, user: Item, *, by: str, at: Instant) -> Put:
    """Return the write that remembers a member who is being removed."""
    pk, sk = _key(member["tenant_id"], member["user_id"])
    item: Item = {
        "PK": pk,
        "SK": sk,
        "GSI1PK": users.email_partition(user["email"]),
        "GSI1SK": _indexed(member["tenant_id"]),
        "entity": "RemovedMember",
        "tenant_id": member["tenant_id"],
        "user_id": member["user_id"],
        "display_name": user["display_name"],
        "role": member["role"],
        "removed_by": by,
        "removed_at": clock.to_rfc3339(at),
    }
    return Put(item)


def forgotten(removed: Item) -> Delete:
    """Return the write by which somebody is no removed member any more; it fails when they are none by then."""
    return Delete(Key(removed["PK"], removed["SK"]), PRESENT)


def of_address(tenant_id: str, email: str) -> Item | None:
    """Return who had this address in the tenant, whoever was removed last; None when nobody had it. One query."""
    found = table.query(users.email_partition(email), _indexed(tenant_id), index=True, limit=100)
    return max(found.items, key=lambda item: str(item["removed_at"]), default=None)


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of those who were removed from the caller's tenant; one query."""
    found = table.query(tenants.key(caller.tenant_id).pk, PREFIX, limit=limit, cursor=cursor)
    names = ("user_id", "display_name", "role", "removed_by", "removed_at")
    return [{name: item.get(name) for name in names} for item in found.items], found.next_cursor


def _key(tenant_id: str, user_id: str) -> Key:
    return Key(tenants.key(tenant_id).pk, f"{PREFIX}{user_id}")


def _indexed(tenant_id: str) -> str:
    return f"ENTITY#RemovedMember#{tenant_id}"
