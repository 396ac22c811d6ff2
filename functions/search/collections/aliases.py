"""An alias of a tenant: another name of a collection, which can be moved to another one in a single write."""

from typing import Any, NamedTuple

from functions.search.collections import collections
from functions.search.collections.collections import ALIAS_PREFIX, MAX_COLLECTIONS, CollectionNotFound
from functions.search.collections.lifecycle import CollectionExists, TooManyCollections
from shared import clock
from shared.callers.auth import Caller
from shared.errors import NotFound
from shared.storage import changes, records, table
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Delete, Put, unchanged

View = dict[str, Any]


class Alias(NamedTuple):
    """An alias as it is stored, and as callers see it."""

    name: str
    collection_name: str
    updated_at: str
    version: int


class AliasNotFound(NotFound):
    """404: your tenant has no alias of this name."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no alias of this name.")


def put(caller: Caller, name: str, collection_name: str) -> View:
    """Make a name an alias of a collection, or move it there.

    Raises CollectionNotFound, CollectionExists, TooManyCollections.
    """
    tenant_id = caller.tenant_id
    place = collections.alias_key(tenant_id, name)

    def plan() -> Plan[View]:
        keys = [
            place,
            collections.key(tenant_id, name),
            collections.key(tenant_id, collection_name),
            collections.count_key(tenant_id),
        ]
        there, namesake, target, counter = table.get_many(keys, consistent=True)
        if target is None:
            raise CollectionNotFound
        if namesake is not None:
            raise CollectionExists(f"{name} is the name of a collection. Take another name.")
        count = collections.count_of(counter)
        if there is None and count is not None and count.aliases >= MAX_COLLECTIONS:
            raise TooManyCollections(f"Your tenant has {MAX_COLLECTIONS} aliases. Delete one first.")
        version = 1 if there is None else there["version"] + 1
        alias = Alias(name, collection_name, clock.to_rfc3339(clock.now()), version)
        item = records.to_item(place, "CollectionAlias", alias)
        if there is not None:
            return Plan(alias._asdict(), [Put(item, unchanged(there["version"]))])
        return Plan(alias._asdict(), [Put(item, ABSENT), collections.counted(tenant_id, count, aliases=1)])

    return changes.make(plan)


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the aliases of the caller's tenant by their names; one query."""
    found = table.query(collections.partition(caller.tenant_id), ALIAS_PREFIX, limit=limit, cursor=cursor)
    return [records.from_item(Alias, item)._asdict() for item in found.items], found.next_cursor


def delete(caller: Caller, name: str) -> None:
    """Delete an alias; the collection stays. Raises AliasNotFound."""
    tenant_id = caller.tenant_id
    try:
        place = collections.alias_key(tenant_id, name)
    except CollectionNotFound:
        raise AliasNotFound from None

    def plan() -> Plan[None]:
        there, counter = table.get_many([place, collections.count_key(tenant_id)], consistent=True)
        if there is None:
            raise AliasNotFound
        counted = collections.counted(tenant_id, collections.count_of(counter), aliases=-1)
        return Plan(None, [Delete(place, unchanged(there["version"])), counted])

    changes.make(plan)
