"""What is erased and not gone yet: words of deleted documents in an index, and collections that are being removed.

An engine takes a document out of what is found at once, and out of its files when it merges them, which may be never.
An index that owes an erasure for long is built anew (`sweeps/erasures.py`). One that only grows owes none.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from functions.search.collections import pointers
from functions.search.collections.collections import Collection
from functions.search.collections.pointers import Pointer
from shared import clock
from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Delete, Put, Write

_PLACE: Final = "SEARCH#ERASURES"
_OWED: Final = "IndexErasure"
_REMOVED: Final = "IndexRemoval"
_PAGE: Final = 100


class Erasure(NamedTuple):
    """That something of a collection is to be erased since then: words in its index, or all of it."""

    collection_id: str
    tenant_id: str
    name: str
    since: str


def key(collection_id: str) -> Key:
    """Return the key of the erasure that the index of a collection owes."""
    return Key(pointers.partition(collection_id), "ERASURE")


def removal_key(collection_id: str) -> Key:
    """Return the key of what says that all of a collection is to be removed."""
    return Key(pointers.partition(collection_id), "REMOVAL")


def moved(collection: Collection, before: Pointer | None, after: Pointer) -> list[Write]:
    """Return the writes of what an index owes when its pointer moves; mostly none."""
    owed = None if before is None else before.erased_since
    if owed == after.erased_since:
        return []
    place = key(collection.collection_id)
    if after.erased_since is None:
        return [Delete(place)]
    return [Put(_item(place, _OWED, collection, after.erased_since))]


def removed(collection: Collection, at: Instant) -> Put:
    """Return the write that says that a collection was deleted, and all that it has is to be removed."""
    return Put(_item(removal_key(collection.collection_id), _REMOVED, collection, at))


def owed(until: Instant) -> Iterator[Erasure]:
    """Yield the erasures that indexes owe since then or longer, the longest first; a call for each hundred."""
    return _found(_OWED, until)


def unfinished_removals(until: Instant) -> Iterator[Erasure]:
    """Yield the collections that were deleted by then and of which something is left; a call for each hundred."""
    return _found(_REMOVED, until)


def _found(entity: str, until: Instant) -> Iterator[Erasure]:
    low: str | None = f"ENTITY#{entity}#"
    high = f"ENTITY#{entity}#{clock.to_rfc3339(until)}~"
    while low is not None:
        items, last = table.between(_PLACE, low, high, limit=_PAGE, index=True)
        yield from (records.from_item(Erasure, item) for item in items)
        low = None if last is None else f"{last}!"


def _item(place: Key, entity: str, collection: Collection, at: Instant) -> Item:
    since = clock.to_rfc3339(at)
    erasure = Erasure(collection.collection_id, collection.tenant_id, collection.name, since)
    index = {"GSI1PK": _PLACE, "GSI1SK": f"ENTITY#{entity}#{since}#{collection.collection_id}"}
    return records.to_item(place, entity, erasure) | index
