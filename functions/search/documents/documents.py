"""A document of a collection: its item, its keys, and the mark that says that the index does not have it yet.

A deleted document leaves a tombstone with its version for a week, so that an older change that arrives late does not
bring it back.
"""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.search.collections import collections, pointers, values
from functions.search.collections.collections import Collection
from functions.search.keys.restrictions import Sight
from shared import clock
from shared.clock import DAY, SECOND, Instant
from shared.errors import NotFound
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.table import UpdateRefused
from shared.storage.writes import ABSENT, Put, unchanged

SHARDS: Final = 16
"""The documents of a collection are spread over this many partitions, each of which takes 1,000 writes a second."""
TOMBSTONE_KEPT: Final = 7 * DAY
PREFIX: Final = "DOCUMENT#"
_PENDING: Final = "ENTITY#SearchDocument#"

View = dict[str, Any]


class DocumentNotFound(NotFound):
    """404: the collection has no document with this id."""

    def __init__(self) -> None:
        super().__init__("The collection has no document with this id.")


class Stored(NamedTuple):
    """A document as it is stored: its JSON as text. It waits for the index since `pending_since`, if it does.

    One that is `deleted` has an empty text, and its `ttl`. The engine could not take one that is `refused`.
    """

    collection_id: str
    id: str
    content: str
    version: int
    updated_at: str
    deleted: bool = False
    ttl: int | None = None
    pending_since: str | None = None
    refused: bool = False

    @property
    def document(self) -> View:
        """Return what the document says."""
        read: View = json.loads(self.content)
        return read


def key(collection_id: str, document_id: str) -> Key:
    """Return the key of a document."""
    return Key(f"COLLECTION#{collection_id}#{_shard(document_id)}", f"{PREFIX}{document_id}")


def partitions(collection_id: str) -> list[str]:
    """Return the partitions that the documents of a collection lie in."""
    return [f"COLLECTION#{collection_id}#{shard}" for shard in range(SHARDS)]


def find(collection_id: str, document_id: str, *, consistent: bool = False) -> Stored | None:
    """Return a document or its tombstone, None if there is neither."""
    item = table.get(key(collection_id, document_id), consistent=consistent)
    return None if item is None else from_item(item)


def get(sight: Sight, document_id: str) -> View:
    """Return a document as its reader sees it. Raises DocumentNotFound, also for an id that none can have."""
    if not values.is_id(document_id):
        raise DocumentNotFound
    found = find(sight.collection.collection_id, document_id)
    document = None if found is None or found.deleted else found.document
    if found is None or document is None or not sight.has(document):
        raise DocumentNotFound
    return {"document": sight.shown(document), "updated_at": found.updated_at, **state(found)}


def get_all(collection_id: str, document_ids: Sequence[str]) -> Mapping[str, Stored]:
    """Return the documents that are there, by their ids; a call for each hundred."""
    items = table.get_many([key(collection_id, each) for each in document_ids])
    found = [from_item(item) for item in items if item is not None]
    return {each.id: each for each in found if not each.deleted}


def changed(document: Stored, *, at: Instant) -> Stored:
    """Return a document as it waits for the index from now on."""
    now = clock.to_rfc3339(at)
    ttl = (at + TOMBSTONE_KEPT) // SECOND if document.deleted else None
    return document._replace(updated_at=now, pending_since=now, ttl=ttl, refused=False)


def written(before: Stored | None, after: Stored) -> Put:
    """Return the write of a document that nobody else has changed since `before`."""
    return Put(to_item(after), ABSENT if before is None else unchanged(before.version))


def state(document: Stored) -> View:
    """Return what callers are told of a change: its version, and whether the index has it."""
    found = "refused" if document.refused else "indexed" if document.pending_since is None else "pending"
    return {"id": document.id, "version": document.version, "index": {"state": found, "version": document.version}}


def pending(collection_id: str, *, limit: int) -> list[Stored]:
    """Return documents and tombstones that wait for the index, those of each shard in the order of their changes."""
    found: list[Stored] = []
    for shard in range(SHARDS):
        place = f"COLLECTION#{collection_id}#PENDING#{shard}"
        page = table.query(place, _PENDING, limit=limit - len(found), index=True) if len(found) < limit else None
        found += [from_item(item) for item in page.items] if page else []
    return found


def settle(document: Stored, *, refused: bool = False) -> bool:
    """Take the mark off a document that the index has, or could not take; return whether it still is at that version.

    One call. Raises Unavailable.
    """
    try:
        table.update(
            key(document.collection_id, document.id),
            "SET #entity = :entity, #refused = :refused REMOVE #gpk, #gsk",
            names={"#entity": "entity", "#refused": "refused", "#gpk": "GSI1PK", "#gsk": "GSI1SK"},
            values={":entity": "SearchDocument", ":refused": refused},
            condition=unchanged(document.version),
        )
    except UpdateRefused:
        return False
    return True


def every(collection_id: str) -> Iterator[Key]:
    """Yield the keys of all documents and tombstones of a collection."""
    for partition in partitions(collection_id):
        for item in table.query_all(partition, PREFIX, page=100):
            yield Key(item["PK"], item["SK"])


def happened(collection: Collection, at: Instant) -> Put:
    """Return the write of the event that documents of a collection have changed."""
    return events.occurred(
        "search.document.changed",
        partition=collections.partition(collection.tenant_id),
        subject_id=collection.collection_id,
        tenant_id=collection.tenant_id,
        at=at,
        data={"collection_id": collection.collection_id, "name": collection.name},
    )


def to_item(document: Stored) -> Item:
    """Return the item of a document. In the index of the table are those that wait, by when they were changed."""
    item = records.to_item(key(document.collection_id, document.id), "SearchDocument", document)
    since = item.pop("pending_since", None)
    if since is None:
        return item
    place = f"{pointers.partition(document.collection_id)}#PENDING#{_shard(document.id)}"
    return item | {"GSI1PK": place, "GSI1SK": f"{_PENDING}{since}#{document.id}"}


def from_item(item: Item) -> Stored:
    """Return the document of an item."""
    found = records.from_item(Stored, item)
    if "GSI1SK" not in item:
        return found
    return found._replace(pending_since=item["GSI1SK"].removeprefix(_PENDING).partition("#")[0])


def _shard(document_id: str) -> int:
    return zlib.crc32(document_id.encode()) % SHARDS
