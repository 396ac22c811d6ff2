"""Searches that a user keeps under a name: made, changed, run, deleted.

A saved search names its collection, as any search does: it is run in the one that has the name then, or an alias. While
there is none of that name, running it is refused and it stays.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from functions.search.collections import collections
from functions.search.queries import parameters as search_parameters
from shared import clock, ids
from shared.callers.auth import Caller
from shared.errors import Conflict, NotFound
from shared.storage import changes, records, table, versions
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Delete, Put, unchanged

MAX_SAVED: Final = 100
PREFIX: Final = "SAVEDSEARCH#"

View = dict[str, Any]


class SavedSearchNotFound(NotFound):
    """404: you have no saved search with this id."""

    def __init__(self) -> None:
        super().__init__("You have no saved search with this id.")


class TooManySavedSearches(Conflict):
    """409: a user may have 100 saved searches; delete one first."""


class Saved(NamedTuple):
    """A saved search as it is stored, its parameters as JSON."""

    saved_search_id: str
    name: str
    collection_name: str
    parameters: str
    created_at: str
    updated_at: str
    version: int


class Count(NamedTuple):
    """How many saved searches a user has."""

    number: int
    version: int


def key(user_id: str, saved_search_id: str) -> Key:
    """Return the key of a saved search. Raises SavedSearchNotFound for an id that none can have."""
    if not ids.is_valid(saved_search_id, "saved"):
        raise SavedSearchNotFound
    return Key(_partition(user_id), f"{PREFIX}{saved_search_id}")


def create(caller: Caller, sent: Item, *, claim: Claim | None = None) -> Answer:
    """Save a search that can be made now.

    Raises CollectionNotFound, QueryRefused, FilterRefused, PageTooFar, TooManySavedSearches.
    """
    now = clock.now()
    at = clock.to_rfc3339(now)
    _require_possible(caller, sent["collection_name"], sent["parameters"])
    saved = Saved(
        saved_search_id=ids.new("saved", at=now),
        name=sent["name"],
        collection_name=sent["collection_name"],
        parameters=_text(sent["parameters"]),
        created_at=at,
        updated_at=at,
        version=1,
    )

    def plan() -> Plan[View]:
        count = _count(table.get(_count_key(caller.user_id), consistent=True))
        if count is not None and count.number >= MAX_SAVED:
            raise TooManySavedSearches(f"You have {MAX_SAVED} saved searches. Delete one first.")
        return Plan(_view(saved), [Put(_to_item(caller.user_id, saved), ABSENT), _counted(caller.user_id, count, 1)])

    return changes.make(plan, claim=claim)


def get(caller: Caller, saved_search_id: str) -> View:
    """Return a saved search of the caller. Raises SavedSearchNotFound."""
    return _view(_find(caller, saved_search_id))


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the caller's saved searches, the oldest first; one query."""
    found = table.query(_partition(caller.user_id), PREFIX, limit=limit, cursor=cursor)
    return [_view(records.from_item(Saved, item)) for item in found.items], found.next_cursor


def asked(caller: Caller, saved_search_id: str) -> tuple[str, Mapping[str, Any]]:
    """Return the collection and the parameters of a saved search. Raises SavedSearchNotFound."""
    saved = _find(caller, saved_search_id)
    return saved.collection_name, json.loads(saved.parameters)


def change(caller: Caller, saved_search_id: str, sent: Item, *, if_match: str | None) -> View:
    """Change what is sent of a saved search, None leaves it.

    Raises SavedSearchNotFound, versions.VersionChanged, and what `create` does for a search that cannot be made.
    """
    at = clock.to_rfc3339(clock.now())

    def plan() -> Plan[View]:
        before = _find(caller, saved_search_id, consistent=True)
        versions.require(if_match, before.version)
        after = before._replace(
            name=sent["name"] or before.name,
            collection_name=sent["collection_name"] or before.collection_name,
            parameters=before.parameters if sent["parameters"] is None else _text(sent["parameters"]),
        )
        if after == before:
            return Plan(_view(before))
        if after._replace(name=before.name) != before:
            _require_possible(caller, after.collection_name, json.loads(after.parameters))
        after = after._replace(updated_at=at, version=before.version + 1)
        return Plan(_view(after), [Put(_to_item(caller.user_id, after), unchanged(before.version))])

    return changes.make(plan)


def delete(caller: Caller, saved_search_id: str, *, if_match: str | None) -> None:
    """Delete a saved search. Raises SavedSearchNotFound, versions.VersionChanged."""

    def plan() -> Plan[None]:
        before = _find(caller, saved_search_id, consistent=True)
        versions.require(if_match, before.version)
        count = _count(table.get(_count_key(caller.user_id), consistent=True))
        gone = Delete(key(caller.user_id, saved_search_id), unchanged(before.version))
        return Plan(None, [gone, _counted(caller.user_id, count, -1)])

    changes.make(plan)


def _find(caller: Caller, saved_search_id: str, *, consistent: bool = False) -> Saved:
    item = table.get(key(caller.user_id, saved_search_id), consistent=consistent)
    if item is None:
        raise SavedSearchNotFound
    return records.from_item(Saved, item)


def _require_possible(caller: Caller, collection_name: str, parameters: Mapping[str, Any]) -> None:
    """Require that a search can be made in its collection. Raises what the search itself would."""
    from functions.search.queries import vocabularies  # noqa: PLC0415 - the engine is in the function of queries alone

    collection = collections.find(caller.tenant_id, collection_name)
    search_parameters.read(collection, parameters, vocabularies.of(collection))


def _view(saved: Saved) -> View:
    return saved._asdict() | {"parameters": json.loads(saved.parameters)}


def _text(parameters: Mapping[str, Any]) -> str:
    return json.dumps(parameters, separators=(",", ":"), ensure_ascii=False)


def _partition(user_id: str) -> str:
    return f"USER#{user_id}"


def _to_item(user_id: str, saved: Saved) -> Item:
    return records.to_item(key(user_id, saved.saved_search_id), "SavedSearch", saved)


def _count_key(user_id: str) -> Key:
    return Key(_partition(user_id), "SAVEDSEARCHES")


def _count(item: Item | None) -> Count | None:
    return None if item is None else records.from_item(Count, item)


def _counted(user_id: str, before: Count | None, more: int) -> Put:
    """Return the write that counts so many more; its version keeps two from being the last one both."""
    known = before or Count(0, 0)
    item = records.to_item(_count_key(user_id), "SavedSearchCount", Count(known.number + more, known.version + 1))
    return Put(item, ABSENT if before is None else unchanged(before.version))
