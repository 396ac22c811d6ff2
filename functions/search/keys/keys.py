"""Keys that are bound to a collection: made, listed, revoked.

    COLLECTION#<col> SEARCHKEY#<key_id>      what a key is bound to, in the list of its collection
    APIKEY#<key_id>  APIKEY                  what it is verified with (shared/callers/bound_keys.py)

Both are written together. The text of a key is answered once and stored as its HMAC. A key reads, and changes nothing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from functions.search.collections import collections, pointers
from functions.search.collections.collections import Collection
from functions.search.collections.fields import ID
from functions.search.filters import filters
from functions.search.filters.operands import FilterRefused
from functions.search.keys.restrictions import Bound
from shared import clock
from shared.callers import api_keys, bound_keys
from shared.callers.api_keys import ApiKey
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.storage import changes, events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, PRESENT, Check, Delete, Put, Write, unchanged

MAX_KEYS: Final = 100
PREFIX: Final = "SEARCHKEY#"
READ: Final = "search:read"

View = dict[str, Any]

_ID: Final = re.compile(r"[0-9A-Za-z]{12}", re.ASCII)


class SearchKeyNotFound(NotFound):
    """404: the collection has no key with this id."""

    def __init__(self) -> None:
        super().__init__("The collection has no key with this id.")


class TooManySearchKeys(Conflict):
    """409: a collection may have 100 keys that are good; revoke one first."""


class SearchNotGranted(Forbidden):
    """403: you may not search yourself, so no key of yours may."""


class Entry(NamedTuple):
    """A key in the list of its collection."""

    key_id: str
    last_four: str
    created_by: str
    created_at: str
    name: str | None = None
    filter_by: str | None = None
    exclude_fields: Sequence[str] = ()
    expires_at: Instant | None = None
    ttl: int | None = None


def key(collection_id: str, key_id: str) -> Key:
    """Return the key of a key in the list of its collection. Raises SearchKeyNotFound for an id that none can have."""
    if not _ID.fullmatch(key_id):
        raise SearchKeyNotFound
    return Key(pointers.partition(collection_id), f"{PREFIX}{key_id}")


def turns_key(collection_id: str) -> Key:
    """Return the key of the item by which keys of a collection are made one after the other."""
    return Key(pointers.partition(collection_id), "SEARCHKEYS")


def create(caller: Caller, collection_name: str, sent: Item, *, claim: Claim | None = None) -> Answer:
    """Make a key and return it, with `key` the first time only.

    Raises SearchNotGranted, CollectionNotFound, InvalidInput, TooManySearchKeys, Unavailable.
    """
    if READ not in caller.scopes:
        raise SearchNotGranted("You may not search yourself, so no key of yours may.")
    now = clock.now()
    made = api_keys.new()
    entry = _new(made, caller, sent, now)

    def plan() -> Plan[View]:
        collection = collections.find(caller.tenant_id, collection_name, consistent=True)
        _require_fitting(entry, collection, now)
        turns = table.get(turns_key(collection.collection_id), consistent=True)
        _require_room(collection.collection_id, now)
        writes: list[Write] = [
            Check(collections.key(caller.tenant_id, collection.name), unchanged(collection.version)),
            _next_turn(collection.collection_id, turns),
            *_added(made, entry, collection),
            _happened("created", collection, entry.key_id, now),
        ]
        return Plan({**_view(entry, collection.name), "key": None}, writes)

    given = changes.make(plan, claim=claim)
    # What is recorded for a repeated request has no secret, so it answers another key's id without one.
    return given | {"key": made.text} if given["key_id"] == made.key_id else given


def page(caller: Caller, collection_name: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the keys of a collection that have not been revoked. Raises CollectionNotFound."""
    collection = collections.find(caller.tenant_id, collection_name)
    place = pointers.partition(collection.collection_id)
    found = table.query(place, PREFIX, limit=limit, cursor=cursor)
    return [_view(_from_item(item), collection.name) for item in found.items], found.next_cursor


def revoke(caller: Caller, collection_name: str, key_id: str) -> None:
    """Revoke a key, within 60 seconds. Raises CollectionNotFound, SearchKeyNotFound."""
    now = clock.now()

    def plan() -> Plan[None]:
        collection = collections.find(caller.tenant_id, collection_name, consistent=True)
        place = key(collection.collection_id, key_id)
        if table.get(place, consistent=True) is None:
            raise SearchKeyNotFound
        ended = bound_keys.revoked(key_id, now=now)
        happened = _happened("revoked", collection, key_id, now)
        return Plan(None, [Delete(place, PRESENT), *([] if ended is None else [ended]), happened])

    changes.make(plan)


def every(collection_id: str) -> Iterator[Key]:
    """Yield the keys of all items that are stored of the keys of a collection."""
    for item in table.query_all(pointers.partition(collection_id), PREFIX):
        yield Key(item["PK"], item["SK"])
        yield from bound_keys.places(item["key_id"])
    yield turns_key(collection_id)


def good(collection_id: str, now: Instant) -> list[Entry]:
    """Return the keys of a collection that have neither been revoked nor ended."""
    entries = [_from_item(item) for item in table.query_all(pointers.partition(collection_id), PREFIX)]
    return [each for each in entries if each.expires_at is None or now < each.expires_at]


def _new(made: ApiKey, caller: Caller, sent: Item, now: Instant) -> Entry:
    expires_at = None if sent["expires_at"] is None else clock.from_rfc3339(sent["expires_at"])
    return Entry(
        key_id=made.key_id,
        last_four=made.last_four,
        created_by=caller.user_id,
        created_at=clock.to_rfc3339(now),
        name=sent["name"],
        filter_by=sent["filter_by"],
        exclude_fields=sorted(set(sent["exclude_fields"])),
        expires_at=expires_at,
        ttl=bound_keys.ttl(expires_at),
    )


def _require_fitting(entry: Entry, collection: Collection, now: Instant) -> None:
    """Require that a key fits its collection and has not ended. Raises InvalidInput."""
    if entry.expires_at is not None and entry.expires_at <= now:
        raise InvalidInput.of("expires_at", "must be in the future")
    if ID in entry.exclude_fields:
        raise InvalidInput.of("exclude_fields", "must not name id, by which documents are asked for")
    try:
        if entry.filter_by is not None:
            filters.read(entry.filter_by, collection.fields)
    except FilterRefused as refused:
        raise InvalidInput.of("filter_by", refused.detail.removeprefix("filter_by: ")) from refused


def _require_room(collection_id: str, now: Instant) -> None:
    if len(good(collection_id, now)) >= MAX_KEYS:
        raise TooManySearchKeys(f"The collection has {MAX_KEYS} keys that are good. Revoke one first.")


def _next_turn(collection_id: str, turns: Item | None) -> Put:
    """Return the write by which no two keys of a collection are both the last one; those that ended go unseen."""
    pk, sk = turns_key(collection_id)
    version = turns["version"] if turns else 0
    item = {"PK": pk, "SK": sk, "entity": "SearchKeyTurns", "version": version + 1}
    return Put(item, unchanged(version) if turns else ABSENT)


def _added(made: ApiKey, entry: Entry, collection: Collection) -> list[Write]:
    """Return the writes of a new key, where it is listed and where it is verified. Raises Unavailable."""
    bound = Bound(collection.collection_id, collection.name, entry.filter_by, entry.exclude_fields)
    listed = records.to_item(key(collection.collection_id, entry.key_id), "SearchKey", entry)
    record = bound_keys.recorded(
        made, bound.restriction(), tenant_id=collection.tenant_id, valid_until=entry.expires_at
    )
    return [Put(listed, ABSENT), record]


def _happened(what: str, collection: Collection, key_id: str, at: Instant) -> Put:
    """Return the write of the event `search.key.<what>`, which does not say what the key is bound to."""
    return events.occurred(
        f"search.key.{what}",
        partition=collections.partition(collection.tenant_id),
        subject_id=collection.collection_id,
        tenant_id=collection.tenant_id,
        at=at,
        data={"collection_id": collection.collection_id, "name": collection.name, "key_id": key_id},
    )


def _view(entry: Entry, collection_name: str) -> View:
    return {
        "key_id": entry.key_id,
        "collection_name": collection_name,
        "name": entry.name,
        "last_four": entry.last_four,
        "filter_by": entry.filter_by,
        "exclude_fields": [*entry.exclude_fields],
        "expires_at": None if entry.expires_at is None else clock.to_rfc3339(entry.expires_at),
        "created_by": entry.created_by,
        "created_at": entry.created_at,
    }


def _from_item(item: Item) -> Entry:
    return records.from_item(Entry, item)
