"""The pointer of a collection: which files are its index now.

A writer uploads files first and moves the pointer last, so that a reader never sees a file that is not there. What the
pointer names no more stays for an hour, for readers that still open it.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

KEPT: Final = 60 * 60 * 1000
"""How long an object stays that the pointer names no more, in milliseconds."""
MOST_KEPT: Final = 1000
"""How many such objects stay: an item has 400 KB, and a collection that changes all the time replaces two a second."""


class Part(NamedTuple):
    """A file of the index, and where in which object of the bucket it is."""

    name: str
    object: str
    start: int
    size: int


class Discarded(NamedTuple):
    """An object that the pointer named once, and since when it does not."""

    object: str
    since: Instant


class Pointer(NamedTuple):
    """An index as it is published: its files, what the engine says of them, and who has published it.

    `fields` is how many fields of the collection it knows, the first ones; `erased_since`, since when it holds words of
    documents that were deleted or replaced, None if it holds none; `united_at`, when it was made one part last.
    """

    collection_id: str
    parts: Sequence[Part]
    meta: str
    documents: int
    fence: int
    discarded: Sequence[Discarded]
    published_at: str
    version: int
    fields: int = 0
    erased_since: Instant | None = None
    united_at: Instant | None = None


def partition(collection_id: str) -> str:
    """Return the partition of what belongs to the index of a collection."""
    return f"COLLECTION#{collection_id}"


def key(collection_id: str) -> Key:
    """Return the key of a pointer."""
    return Key(partition(collection_id), "POINTER")


def find(collection_id: str, *, consistent: bool = False) -> Pointer | None:
    """Return the pointer of a collection, None if nothing was published yet."""
    return from_item(table.get(key(collection_id), consistent=consistent))


def published(before: Pointer | None, after: Pointer) -> Put:
    """Return the write of a pointer that nobody else has moved since `before`."""
    item = records.to_item(key(after.collection_id), "IndexPointer", after)
    return Put(item, ABSENT if before is None else unchanged(before.version))


def objects(pointer: Pointer | None) -> set[str]:
    """Return the objects that a pointer names."""
    return set() if pointer is None else {part.object for part in pointer.parts}


def from_item(item: Item | None) -> Pointer | None:
    """Return the pointer of an item; None for none."""
    if item is None:
        return None
    found = records.from_item(Pointer, item)
    return found._replace(
        parts=[Part(*each) for each in found.parts], discarded=[Discarded(*each) for each in found.discarded]
    )
