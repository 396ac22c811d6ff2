"""A collection of a tenant: its record, its keys, how it is found by a name, and how its aliases are.

Its documents and its index are known by its id, so that nothing that arrives late for a deleted collection reaches
another one of the same name.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.search.collections import fields, rebuilds, wording
from functions.search.collections.fields import Field
from functions.search.collections.rebuilds import Built
from functions.search.wake_ups import Woken
from shared import clock, ids
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

MAX_COLLECTIONS: Final = 100
NAME_PATTERN: Final = r"^[A-Za-z0-9_-]{1,64}$"
PREFIX: Final = "COLLECTION#"
ALIAS_PREFIX: Final = "ALIAS#"

View = dict[str, Any]

_NAME: Final = re.compile(NAME_PATTERN, re.ASCII)


class CollectionNotFound(NotFound):
    """404: your tenant has no collection of this name, and no alias either."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no collection of this name.")


class Collection(NamedTuple):
    """A collection as it is stored; its `wording` is its synonyms and stop words as one text.

    Its index does not know the fields yet that it is `adding`.
    """

    tenant_id: str
    collection_id: str
    name: str
    fields: Sequence[Field]
    default_sorting_field: str | None
    language: str | None
    created_by: str
    created_at: str
    version: int
    wording: str = wording.NONE
    adding: Sequence[Field] = ()

    @property
    def checked(self) -> list[Field]:
        """Return the fields that documents must fit: those that are being added as well."""
        return [*self.fields, *self.adding]


class Count(NamedTuple):
    """How many collections and aliases a tenant has."""

    collections: int
    aliases: int
    version: int


def partition(tenant_id: str) -> str:
    """Return the partition in which a tenant's collections are listed."""
    return f"TENANT#{tenant_id}"


def key(tenant_id: str, name: str) -> Key:
    """Return the key of a collection. Raises CollectionNotFound for a name that none can have."""
    return Key(partition(tenant_id), f"{PREFIX}{_named(name)}")


def alias_key(tenant_id: str, name: str) -> Key:
    """Return the key of an alias. Raises CollectionNotFound for a name that none can have."""
    return Key(partition(tenant_id), f"{ALIAS_PREFIX}{_named(name)}")


def count_key(tenant_id: str) -> Key:
    """Return the key of the item that says how many collections and aliases a tenant has."""
    return Key(partition(tenant_id), "COLLECTIONS")


def new(caller: Caller, sent: Item, *, at: Instant) -> Collection:
    """Return a new collection with what the caller says of it."""
    return Collection(
        tenant_id=caller.tenant_id,
        collection_id=ids.new("col", at=at),
        name=sent["name"],
        fields=fields.read(sent["fields"]),
        default_sorting_field=sent["default_sorting_field"],
        language=sent["language"],
        created_by=caller.user_id,
        created_at=clock.to_rfc3339(at),
        version=1,
        wording=wording.kept(**{name: sent[name] for name in wording.NAMES}),
    )


def is_same(one: Collection, other: Collection) -> bool:
    """Return whether two collections have one schema, with the same synonyms and stop words."""
    return _schema(one) == _schema(other)


def to_item(collection: Collection) -> Item:
    """Return the item of a collection."""
    item = records.to_item(key(collection.tenant_id, collection.name), "Collection", collection)
    lists = {"fields": collection.fields} | ({"adding": collection.adding} if collection.adding else {})
    return item | {name: [each._asdict() for each in listed] for name, listed in lists.items()}


def from_item(item: Item) -> Collection:
    """Return the collection of an item."""
    known, adding = ([records.from_item(Field, each) for each in item.get(name, ())] for name in ("fields", "adding"))
    return records.from_item(Collection, item)._replace(fields=known, adding=adding or ())


def counted(tenant_id: str, before: Count | None, *, collections: int = 0, aliases: int = 0) -> Put:
    """Return the write that counts these more; its version keeps two from being the last one both."""
    known = before or Count(0, 0, 0)
    after = Count(known.collections + collections, known.aliases + aliases, known.version + 1)
    item = records.to_item(count_key(tenant_id), "CollectionCount", after)
    return Put(item, ABSENT if before is None else unchanged(before.version))


def count_of(item: Item | None) -> Count | None:
    """Return the count of an item; None for none."""
    return None if item is None else records.from_item(Count, item)


def find(tenant_id: str, name: str, *, consistent: bool = False) -> Collection:
    """Return the collection of a name or an alias; one call, two for an alias. Raises CollectionNotFound.

    Who writes wants it as it is now: what is written for one that was deleted, and made again since, would be lost.
    """
    direct, alias = table.get_many([key(tenant_id, name), alias_key(tenant_id, name)], consistent=consistent)
    if direct is None and alias is not None:
        direct = table.get(key(tenant_id, alias["collection_name"]), consistent=consistent)
    if direct is None:
        raise CollectionNotFound
    return from_item(direct)


def known(tenant_id: str, name: str, collection_id: str) -> Collection | None:
    """Return the collection of a name if it is still the one of this id, None if that one was deleted."""
    item = table.get(key(tenant_id, name), consistent=True)
    return from_item(item) if item is not None and item["collection_id"] == collection_id else None


def woken(collection: Collection) -> Woken:
    """Return as what the indexer is told to look at a collection."""
    return Woken(collection.tenant_id, collection.name, collection.collection_id)


def get(caller: Caller, name: str) -> View:
    """Return a collection of the caller's tenant. Raises CollectionNotFound."""
    collection = find(caller.tenant_id, name)
    return view(collection, *rebuilds.find_all([collection.collection_id]))


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the collections of the caller's tenant by their names; one query and one call."""
    found = table.query(partition(caller.tenant_id), PREFIX, limit=limit, cursor=cursor)
    listed = [from_item(item) for item in found.items]
    built = rebuilds.find_all([each.collection_id for each in listed])
    return [view(each, index) for each, index in zip(listed, built, strict=True)], found.next_cursor


def view(collection: Collection, index: Built) -> View:
    """Return what callers see of a collection; what its index holds is as of its last publication."""
    pointer, rebuild = index
    return {
        "collection_id": collection.collection_id,
        "name": collection.name,
        "fields": [fields.shown(each) for each in collection.fields],
        "default_sorting_field": collection.default_sorting_field,
        "language": collection.language,
        **wording.shown(collection.wording),
        "num_documents": 0 if pointer is None else pointer.documents,
        "published_at": None if pointer is None else pointer.published_at,
        "schema_change": None if rebuild is None else rebuilds.view(rebuild),
        "created_by": collection.created_by,
        "created_at": collection.created_at,
        "version": collection.version,
    }


def happened(what: str, collection: Collection, at: Instant) -> Put:
    """Return the write of the event `search.collection.<what>` about a collection."""
    return events.occurred(
        f"search.collection.{what}",
        partition=partition(collection.tenant_id),
        subject_id=collection.collection_id,
        tenant_id=collection.tenant_id,
        at=at,
        data={"collection_id": collection.collection_id, "name": collection.name},
    )


def _schema(collection: Collection) -> tuple[object, ...]:
    return [*collection.fields], collection.default_sorting_field, collection.language, collection.wording


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise CollectionNotFound
    return name
