"""What a caller can do with a collection and its other names."""

from typing import Any, Final

from functions.search.collections import collections, erasures, fields, rebuilds, wording
from functions.search.collections.collections import MAX_COLLECTIONS, Collection, View
from functions.search.collections.fields import MAX_FIELDS
from shared import clock
from shared.callers.auth import Caller
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, table, versions
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

MADE: Final = "made"
"""Whether a collection is new, beside what callers see of it."""


class CollectionExists(Conflict):
    """409: your tenant has a collection or an alias of this name that is another one."""


class TooManyCollections(Conflict):
    """409: a tenant may have 100 collections and as many aliases; delete one first."""


def create(caller: Caller, sent: Item, *, claim: Claim | None = None) -> Answer:
    """Make a collection, or find the same one made before; `MADE` says which.

    Raises InvalidInput, CollectionExists, TooManyCollections.
    """
    now = clock.now()
    wanted = collections.new(caller, sent, at=now)
    _require_schema(wanted)

    def plan() -> Plan[Answer]:
        there, alias, counter = table.get_many(
            [
                collections.key(caller.tenant_id, wanted.name),
                collections.alias_key(caller.tenant_id, wanted.name),
                collections.count_key(caller.tenant_id),
            ],
            consistent=True,
        )
        if there is not None:
            return Plan({**_same(collections.from_item(there), wanted), MADE: False})
        if alias is not None:
            raise CollectionExists(f"{wanted.name} is an alias. Take another name, or delete the alias.")
        count = collections.count_of(counter)
        if count is not None and count.collections >= MAX_COLLECTIONS:
            raise TooManyCollections(f"Your tenant has {MAX_COLLECTIONS} collections. Delete one first.")
        writes = [
            Put(collections.to_item(wanted), ABSENT),
            collections.counted(caller.tenant_id, count, collections=1),
            collections.happened("created", wanted, now),
        ]
        return Plan({**collections.view(wanted, rebuilds.NOT_YET), MADE: True}, writes)

    return changes.make(plan, claim=claim)


def delete(caller: Caller, name: str, *, if_match: str | None) -> None:
    """Delete a collection: its name is free at once, its documents and its index are removed in the background.

    Raises CollectionNotFound, versions.VersionChanged.
    """
    now = clock.now()

    def plan() -> Plan[None]:
        collection = collections.find(caller.tenant_id, name, consistent=True)
        (counter,) = table.get_many([collections.count_key(caller.tenant_id)], consistent=True)
        versions.require(if_match, collection.version)
        writes: list[Write] = [
            Delete(collections.key(caller.tenant_id, collection.name), unchanged(collection.version)),
            collections.counted(caller.tenant_id, collections.count_of(counter), collections=-1),
            erasures.removed(collection, now),
            collections.happened("deleted", collection, now),
        ]
        return Plan(None, writes)

    changes.make(plan)


def reword(caller: Caller, name: str, sent: Item, *, if_match: str | None) -> View:
    """Give a collection other synonyms or stop words, whichever are sent; searches take them from now on.

    Raises CollectionNotFound, InvalidInput, versions.VersionChanged.
    """
    now = clock.now()

    def plan() -> Plan[View]:
        before = collections.find(caller.tenant_id, name, consistent=True)
        versions.require(if_match, before.version)
        after = before._replace(wording=wording.kept(**wording.shown(before.wording) | sent))
        found: list[Any] = [flaw._asdict() for flaw in wording.flaws(after.wording, after.language)]
        if found:
            raise InvalidInput("These are no synonyms and stop words of the collection.", errors=found)
        index = rebuilds.find(before.collection_id)
        if after == before:
            return Plan(collections.view(before, index))
        after = after._replace(version=before.version + 1)
        writes = [
            Put(collections.to_item(after), unchanged(before.version)),
            collections.happened("updated", after, now),
        ]
        return Plan(collections.view(after, index), writes)

    return changes.make(plan)


def _same(there: Collection, wanted: Collection) -> View:
    if not collections.is_same(there, wanted):
        raise CollectionExists(f"There is a collection {wanted.name} with another schema. Take another name.")
    return collections.view(there, rebuilds.find(there.collection_id))


def _require_schema(wanted: Collection) -> None:
    """Return when the fields make a schema. Raises InvalidInput, which names each that does not."""
    flaws = [
        *fields.flaws(wanted.fields, wanted.default_sorting_field),
        *wording.flaws(wanted.wording, wanted.language),
    ]
    found: list[Any] = [flaw._asdict() for flaw in flaws]
    if len(wanted.fields) > MAX_FIELDS:
        found.append({"field": "fields", "reason": f"a collection may have {MAX_FIELDS} fields"})
    if found:
        raise InvalidInput("The fields make no schema.", errors=found)
