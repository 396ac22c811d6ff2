"""How much the files of a tenant take: one item that every file adds to when it is announced, before it is there."""

from typing import Any, Final

from shared.callers.caller import Caller
from shared.errors import Conflict, NotFound
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Add, Condition

View = dict[str, Any]

QUOTA_BYTES: Final = 10 * 1024**3
"""What the files of a tenant may take in all."""


class EvidenceQuotaExceeded(Conflict):
    """409: the files of the tenant would take more than they may."""

    def __init__(self, left: int) -> None:
        super().__init__(f"Evidence of your tenant may take {QUOTA_BYTES:,} bytes in all; {max(left, 0):,} are left.")


class UsageNotForGuests(NotFound):
    """404: guests see the projects that they are members of, and nothing of the tenant as a whole."""

    def __init__(self) -> None:
        super().__init__("Guests are not told how much evidence a tenant has. Ask somebody of the tenant.")


def key(tenant_id: str) -> Key:
    """Return the key of the usage of a tenant."""
    return Key(f"TENANT#{tenant_id}", "EVIDENCEUSAGE")


def reserved(tenant_id: str, size: int, found: Item | None) -> Add:
    """Return the write that reserves the bytes of a file. Raises EvidenceQuotaExceeded if they are not free."""
    left = QUOTA_BYTES - _bytes(found)
    if size > left:
        raise EvidenceQuotaExceeded(left)
    has_room = Condition("attribute_not_exists(#bytes) OR #bytes <= :room", {}, {":room": QUOTA_BYTES - size})
    return Add(key(tenant_id), {"bytes": size, "files": 1}, has_room)


def returned(tenant_id: str, size: int) -> Add:
    """Return the write that gives the bytes of a file back."""
    return Add(key(tenant_id), {"bytes": -size, "files": -1})


def view(caller: Caller) -> View:
    """Return how much the files of the caller's tenant take, and may take; one call. Raises UsageNotForGuests."""
    if "guest" in caller.roles:
        raise UsageNotForGuests
    found = table.get(key(caller.tenant_id))
    used = _bytes(found)
    return {
        "used_bytes": used,
        "files": (found or {}).get("files", 0),
        "quota_bytes": QUOTA_BYTES,
        "left_bytes": max(QUOTA_BYTES - used, 0),
    }


def _bytes(item: Item | None) -> int:
    found: int = (item or {}).get("bytes", 0)
    return found
