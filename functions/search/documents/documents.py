"""A document of a collection: its item, its keys, and the mark that says that the index does not have it yet.

A deleted document leaves a tombstone with its version for a week, so that an older change that arrives late does not
bring it back.
"""

import itertools
import json
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

from functions.search.collections import collections, values
from functions.search.collections.collections import Collection
from functions.search.keys.restrictions import Sight
from shared import clock
from shared.clock import DAY, SECOND, Instant
from shared.errors import NotFound
from shared.storage import events, parallel, records, table
from shared.storage.attributes import Item, Key
from shared.storage.table import Page, UpdateRefused
from shared.storage.writes import ABSENT, Condition, Put, unchanged

SHARDS: Final = 16
"""The documents of a collection are spread over this many partitions, each of which takes 1,000 writes a second.

Those that wait for the index are spread over as many partitions of the index of the table, with all collections.
"""
TOMBSTONE_KEPT: Final = 7 * DAY
PREFIX: Final = "DOCUMENT#"
_PENDING: Final = "ENTITY#SearchDocument#"
_PAGE: Final = 100
_PASSING: Final = ("GSI1PK", "GSI1SK", "ttl", "deleted", "refused")
"""The attributes that a document need not have; never all of them at once."""

View = dict[str, Any]


class DocumentNotFound(NotFound):
    """404: the collection has no document with this id."""

    def __init__(self) -> None:
        super().__init__("The collection has no document with this id.")


class Mark(NamedTuple):
    """What says that a document waits for the index: since when, and for the index of which collection."""

    collection_id: str
    tenant_id: str
    name: str
    since: str


class Stored(NamedTuple):
    """A document as it is stored: its JSON as text. It waits for the index as long as it has a `mark`.

    One that is `deleted` has an empty text, and its `ttl`. The engine could not take one that is `refused`. One that
    is `imported` was changed last by an import.
    """

    collection_id: str
    id: str
    content: str
    version: int
    updated_at: str
    deleted: bool = False
    ttl: int | None = None
    mark: Mark | None = None
    refused: bool = False
    imported: bool = False

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


def changed(collection: Collection, document: Stored, *, at: Instant) -> Stored:
    """Return a document as it waits for the index of its collection from now on."""
    now = clock.to_rfc3339(at)
    ttl = (at + TOMBSTONE_KEPT) // SECOND if document.deleted else None
    mark = Mark(collection.collection_id, collection.tenant_id, collection.name, now)
    return document._replace(updated_at=now, mark=mark, ttl=ttl, refused=False)


def written(before: Stored | None, after: Stored) -> Put:
    """Return the write of a document that nobody else has changed since `before`."""
    return Put(to_item(after), ABSENT if before is None else unchanged(before.version))


def put(before: Stored | None, after: Stored) -> bool:
    """Write a document that nobody else has changed since `before`, and return whether that was so.

    One action, at half of what a transaction would cost. Raises Unavailable.
    """
    values = {name: value for name, value in to_item(after).items() if name not in {"PK", "SK"}}
    leaving = [name for name in _PASSING if name not in values]
    setting = ", ".join(f"#{name} = :{name}" for name in values)
    try:
        table.update(
            key(after.collection_id, after.id),
            f"SET {setting} REMOVE {', '.join(f'#{name}' for name in leaving)}",
            names={f"#{name}": name for name in [*values, *leaving]},
            values={f":{name}": value for name, value in values.items()},
            condition=ABSENT if before is None else _at(before.version),
        )
    except UpdateRefused:
        return False
    return True


def state(document: Stored) -> View:
    """Return what callers are told of a change: its version, and whether the index has it."""
    found = "refused" if document.refused else "indexed" if document.mark is None else "pending"
    return {"id": document.id, "version": document.version, "index": {"state": found, "version": document.version}}


def pending(collection_id: str, *, limit: int, most_bytes: float = math.inf) -> list[Stored]:
    """Return documents and tombstones that wait for the index, those of each shard in the order of their changes.

    The index of the table says which wait, and may be behind: they are read consistently, as they are now, and those
    whose mark was taken off meanwhile are left out. No more are read once those that were have so much text: the rest
    would be read again with the next batch. So many pages are read at the same time as will have no more text.
    """
    marked = _marked(collection_id)
    found: list[Stored] = []
    size, pages = 0, 1
    while size <= most_bytes and (together := list(itertools.islice(marked, min(pages * _PAGE, limit - len(found))))):
        waiting = _as_they_are(together)
        found += waiting
        size += sum(len(each.content) for each in waiting)
        of_a_page = size * _PAGE // (len(found) or 1) + 1
        pages = max(1, int(min(parallel.AT_ONCE, (most_bytes - size) / of_a_page)))
    return found


def first_marks(shard: int) -> Iterator[Mark]:
    """Yield the oldest mark of each collection of which documents of this shard wait; a call for each."""
    low = _PENDING
    while True:
        items, _ = table.between(_waiting(shard), low, f"{_PENDING}~", limit=1, index=True)
        if not items:
            return
        mark = _mark(items[0]["GSI1SK"])
        yield mark
        low = f"{_PENDING}{mark.collection_id}~"


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


def settle_all(changed: Sequence[Stored], *, refused: AbstractSet[str]) -> list[bool]:
    """Settle documents, of which the index could not take those with these ids; return of each whether it still is so.

    Several calls at the same time. Raises Unavailable; those that are not settled then wait on.
    """
    return parallel.calls(lambda each: settle(each, refused=each.id in refused), changed)


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
    item.pop("mark", None)
    if document.mark is None:
        return item
    return item | {
        "GSI1PK": _waiting(_shard(document.id)),
        "GSI1SK": f"{_PENDING}{'#'.join(document.mark)}#{document.id}",
    }


def from_item(item: Item) -> Stored:
    """Return the document of an item."""
    found = records.from_item(Stored, item)
    return found._replace(mark=_mark(item["GSI1SK"])) if "GSI1SK" in item else found


def _marked(collection_id: str) -> Iterator[Key]:
    """Yield the keys of the documents of a collection that wait, as the index of the table knows them.

    The first page of every shard is read at once.
    """

    def page(shard: int, cursor: str | None = None) -> Page:
        return table.query(_waiting(shard), f"{_PENDING}{collection_id}#", limit=_PAGE, cursor=cursor, index=True)

    for shard, first in enumerate(parallel.calls(page, range(SHARDS))):
        yield from _keys(first)
        cursor = first.next_cursor
        while cursor is not None:
            further = page(shard, cursor)
            yield from _keys(further)
            cursor = further.next_cursor


def _as_they_are(keys: Sequence[Key]) -> list[Stored]:
    """Return those of some documents that wait, in the order of the keys; a call for each hundred, at the same time."""
    pages = [keys[start : start + _PAGE] for start in range(0, len(keys), _PAGE)]
    read = parallel.calls(lambda page: table.get_many(page, consistent=True), pages)
    items = itertools.chain.from_iterable(read)
    return [from_item(item) for item in items if item is not None and "GSI1SK" in item]


def _keys(page: Page) -> list[Key]:
    return [Key(item["PK"], item["SK"]) for item in page.items]


def _waiting(shard: int) -> str:
    """Return the partition of the index in which the documents of all collections wait."""
    return f"SEARCH#PENDING#{shard}"


def _mark(place: str) -> Mark:
    return Mark(*place.removeprefix(_PENDING).split("#")[:4])


def _at(version: int) -> Condition:
    """Return the condition that a document still is at a version, beside the version that it gets."""
    return Condition("#version = :before", {"#version": "version"}, {":before": version})


def _shard(document_id: str) -> int:
    return zlib.crc32(document_id.encode()) % SHARDS
