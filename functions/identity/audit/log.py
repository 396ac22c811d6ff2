"""The audit log of a tenant: one item for each audited event of any context, chained by
hashes in the order they were appended.

An item holds the hash of the one before it, and the head the hash of the last: who removes, changes or inserts an item
breaks the chain (verification.py). Events are written with what they tell of and appended from the table's
stream, so that no sign-in waits for the head. The key of an item is the event's id: what comes twice is there once.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.identity.accounts import tenants
from shared.callers.auth import Caller
from shared.storage import changes, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.events import Event
from shared.storage.writes import ABSENT, Put, Write, unchanged

PREFIX: Final = "AUDIT#"
GENESIS: Final = "0" * 64

View = dict[str, Any]


class Entry(NamedTuple):
    """What is recorded of an event. The hash is of all fields before it, in their order, and of those behind it.

    Entries of earlier versions have no actor, or no request either, and their hashes know of none.
    """

    tenant_id: str
    sequence: int
    previous_hash: str
    event_id: str
    event_type: str
    occurred_at: str
    data: Mapping[str, Any]
    hash: str
    request_id: str | None = None
    actor: Mapping[str, str] | None = None


class Head(NamedTuple):
    """Where a chain ends: how many items it has, and the hash of the last one."""

    sequence: int
    hash: str


class _StoredHead(NamedTuple):
    """A head as it is stored."""

    sequence: int
    hash: str
    version: int


def head_key(tenant_id: str) -> Key:
    """Return the key of the head of a tenant's chain."""
    return Key(tenants.key(tenant_id).pk, "AUDITHEAD")


def key(tenant_id: str, event_id: str) -> Key:
    """Return the key of what is recorded of an event."""
    return Key(tenants.key(tenant_id).pk, f"{PREFIX}{event_id}")


def head_of(item: Item | None) -> Head:
    """Return the head that an item holds; of a chain without items, without one."""
    return Head(0, GENESIS) if item is None else records.from_item(Head, item)


def to_item(entry: Entry) -> Item:
    """Return the item of an entry."""
    return records.to_item(key(entry.tenant_id, entry.event_id), "Audit", entry)


def from_item(item: Item) -> Entry:
    """Return the entry of an item."""
    return records.from_item(Entry, item)


def hashed(entry: Entry) -> str:
    """Return the hash of an entry: of all that it tells, its tenant, its place, and the hash before it."""
    before = entry[: Entry._fields.index("hash")]
    if entry.actor is not None:
        fields: tuple[object, ...] = (*before, entry.request_id, entry.actor)
    else:
        fields = before if entry.request_id is None else (*before, entry.request_id)
    told = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def append(tenant_id: str, occurred: Sequence[Event]) -> int:
    """Append at most 90 events of a tenant that are not in its log yet, and return how many those were.

    Raises TooManyChangesAtOnce when others append all the time, Unavailable.
    """

    def plan() -> Plan[int]:
        asked = [key(tenant_id, event.event_id) for event in occurred]
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
    return [_view(from_item(item)) for item in found.items], found.next_cursor


def _view(entry: Entry) -> View:
    return {
        "event_id": entry.event_id,
        "event_type": entry.event_type,
        "occurred_at": entry.occurred_at,
        "data": entry.data,
        "actor": entry.actor,
        "request_id": entry.request_id,
        "sequence": entry.sequence,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def _chained(tenant_id: str, fresh: Sequence[Event], standing: Item | None) -> list[Write]:
    """Return the writes of new entries and of the head that follows them."""
    before = _StoredHead(0, GENESIS, 0) if standing is None else records.from_item(_StoredHead, standing)
    sequence, previous, writes = before.sequence, before.hash, list[Write]()
    for event in fresh:
        sequence += 1
        told = (event.event_id, event.event_type, event.occurred_at, event.data)
        request_id = None if event.belongs_to is None else event.belongs_to.request_id
        actor = None if event.done_by is None else event.done_by.told()
        entry = Entry(tenant_id, sequence, previous, *told, hash="", request_id=request_id, actor=actor)
        previous = hashed(entry)
        writes.append(Put(to_item(entry._replace(hash=previous)), ABSENT))
    ahead = records.to_item(head_key(tenant_id), "AuditHead", _StoredHead(sequence, previous, before.version + 1))
    return [*writes, Put(ahead, ABSENT if standing is None else unchanged(before.version))]
