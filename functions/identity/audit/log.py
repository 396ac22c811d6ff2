"""The audit log of a tenant: one item for each security event, chained by hashes in the order they were appended.

An item holds the hash of the one before it, and the head the hash of the last: who removes, changes or inserts an item
breaks the chain (verification.py). Events are written with what they tell of and appended from the table's
stream, so that no sign-in waits for the head. The key of an item is the event's id: what comes twice is there once.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.identity.accounts import tenants
from shared.callers.auth import Caller
from shared.storage import changes, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, Write, unchanged

PREFIX: Final = "AUDIT#"
GENESIS: Final = "0" * 64

View = dict[str, Any]

_TOLD = ("event_id", "event_type", "occurred_at", "data")
_SHOWN = (*_TOLD, "sequence", "previous_hash", "hash")


class Head(NamedTuple):
    """Where a chain ends: how many items it has, and the hash of the last one."""

    sequence: int
    hash: str


def head_key(tenant_id: str) -> Key:
    """Return the key of the head of a tenant's chain."""
    return Key(tenants.key(tenant_id).pk, "AUDITHEAD")


def key(tenant_id: str, event_id: str) -> Key:
    """Return the key of what is recorded of an event."""
    return Key(tenants.key(tenant_id).pk, f"{PREFIX}{event_id}")


def head_of(item: Item | None) -> Head:
    """Return the head that an item holds; of a chain without items, without one."""
    return Head(item["sequence"], item["hash"]) if item else Head(0, GENESIS)


def hashed(item: Item) -> str:
    """Return the hash of an item: of all that it tells, its tenant, its place, and the hash before it."""
    names = ("tenant_id", "sequence", "previous_hash", *_TOLD)
    told = json.dumps([item[name] for name in names], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def append(tenant_id: str, occurred: Sequence[Item]) -> int:
    """Append at most 90 events of a tenant that are not in its log yet, and return how many those were.

    Raises TooManyChangesAtOnce when others append all the time, Unavailable.
    """

    def plan() -> Plan[int]:
        asked = [key(tenant_id, event["event_id"]) for event in occurred]
        standing, *known = table.get_many([head_key(tenant_id), *asked], consistent=True)
        fresh = [event for event, item in zip(occurred, known, strict=True) if item is None]
        if not fresh:
            return Plan(0)
        return Plan(len(fresh), _chained(tenant_id, fresh, standing))

    return changes.make(plan)


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the audit log of the caller's tenant, newest first; one query."""
    partition = tenants.key(caller.tenant_id).pk
    found = table.query(partition, PREFIX, limit=limit, cursor=cursor, newest_first=True)
    return [{name: item[name] for name in _SHOWN} for item in found.items], found.next_cursor


def _chained(tenant_id: str, fresh: Sequence[Item], standing: Item | None) -> list[Write]:
    """Return the writes of new items and of the head that follows them."""
    head, writes = head_of(standing), list[Write]()
    for event in fresh:
        pk, sk = key(tenant_id, event["event_id"])
        item = {
            "PK": pk,
            "SK": sk,
            "entity": "Audit",
            "tenant_id": tenant_id,
            "sequence": head.sequence + 1,
            "previous_hash": head.hash,
            **{name: event[name] for name in _TOLD},
        }
        item["hash"] = hashed(item)
        writes.append(Put(item, ABSENT))
        head = Head(item["sequence"], item["hash"])
    pk, sk = head_key(tenant_id)
    ahead = {"PK": pk, "SK": sk, "entity": "AuditHead", "sequence": head.sequence, "hash": head.hash}
    version = standing["version"] if standing else 0
    condition = unchanged(version) if standing else ABSENT
    return [*writes, Put(ahead | {"version": version + 1}, condition)]
