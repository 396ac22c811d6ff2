"""How much the files of a tenant take: one item that every file adds to when it is announced, before it is there."""

from typing import Any

from shared.callers import tenant_settings
from shared.callers.caller import Caller
from shared.errors import Conflict, NotFound
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Add, Condition

View = dict[str, Any]


class EvidenceQuotaExceeded(Conflict):
    """409: the files of the tenant would take more than they may."""

    def __init__(self, quota: int, left: int) -> None:
        super().__init__(
            f"Evidence of your tenant may take {quota:,} bytes in all; {max(left, 0):,} are left. "
            "Delete some, or have an administrator set `evidence_quota_bytes` of the tenant."
        )


class UsageNotForGuests(NotFound):
    """404: guests see the projects that they are members of, and nothing of the tenant as a whole."""

    def __init__(self) -> None:
        super().__init__("Guests are not told how much evidence a tenant has. Ask somebody of the tenant.")


def key(tenant_id: str) -> Key:
    """Return the key of the usage of a tenant."""
    return Key(f"TENANT#{tenant_id}", "EVIDENCEUSAGE")


def keys(tenant_id: str) -> tuple[Key, Key]:
    """Return the keys of the usage of a tenant, and of the settings that have its quota."""
    return key(tenant_id), tenant_settings.key(tenant_id)


def reserved(tenant_id: str, size: int, found: Item | None, settings: Item | None) -> Add:
    """Return the write that reserves the bytes of a file. Raises EvidenceQuotaExceeded if they are not free."""
    quota = _quota(settings)
    left = quota - _bytes(found)
    if size > left:
        raise EvidenceQuotaExceeded(quota, left)
    has_room = Condition("attribute_not_exists(#bytes) OR #bytes <= :room", {}, {":room": quota - size})
    return Add(key(tenant_id), {"bytes": size, "files": 1}, has_room)


def returned(tenant_id: str, size: int) -> Add:
    """Return the write that gives the bytes of a file back."""
    return Add(key(tenant_id), {"bytes": -size, "files": -1})


def view(caller: Caller) -> View:
    """Return how much the files of the caller's tenant take, and may take; one call. Raises UsageNotForGuests."""
    if "guest" in caller.roles:
        raise UsageNotForGuests
    found, settings = table.get_many(keys(caller.tenant_id))
    used, quota = _bytes(found), _quota(settings)
    return {
        "used_bytes": used,
        "files": (found or {}).get("files", 0),
        "quota_bytes": quota,
        "left_bytes": max(quota - used, 0),
    }


def _bytes(item: Item | None) -> int:
    found: int = (item or {}).get("bytes", 0)
    return found


def _quota(settings: Item | None) -> int:
    return tenant_settings.from_item(settings or {}).evidence_quota_bytes
