"""Many changes in one request: those that can be made are, and each is answered for itself.

Up to 50 are one transaction with one event for each collection, so that the index is woken up once for all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.search.collections import collections
from functions.search.collections.collections import Collection
from functions.search.documents import documents, writing
from functions.search.documents.documents import View
from functions.search.documents.writing import Change
from shared import clock
from shared.clock import Instant
from shared.errors import Refusal
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

MAX_CHANGES: Final = 100
_TOGETHER: Final = 50
_COLLECTIONS_TOGETHER: Final = 49
"""50 documents, an event for each collection and a claim are 100 actions, what a transaction takes."""


class Wanted(NamedTuple):
    """A change, the id of its document, and its collection; or why it cannot be made at all."""

    change: Change
    document_id: str
    collection: Collection | None
    refused: Refusal | None = None


def make(tenant_id: str, asked: Sequence[tuple[str, Change]], claim: Callable[[int], Claim | None]) -> Sequence[View]:
    """Make changes in collections that are named, and return what became of each, in their order.

    `claim` returns the claim on each part of them, by its number. Raises Unavailable; then some may have been made.
    """
    now = clock.now()
    found: dict[str, Collection | Refusal] = {}
    for name, _ in asked:
        if name not in found:
            found[name] = _collection(tenant_id, name)
    return _made_all([_wanted(found[name], change, now) for name, change in asked], now, claim, is_told=True)


def make_in(collection: Collection, asked: Sequence[Change], claim: Callable[[int], Claim | None]) -> Sequence[View]:
    """Make changes in a collection as `make` does, and tell nobody: who calls has the index woken up behind them."""
    now = clock.now()
    return _made_all([_wanted(collection, change, now) for change in asked], now, claim, is_told=False)


def _made_all(
    wanted: Sequence[Wanted], now: Instant, claim: Callable[[int], Claim | None], *, is_told: bool
) -> list[View]:
    results: list[View] = []
    for number, together in enumerate(_parts(wanted)):
        results += changes.make(_planning(together, now, is_told=is_told), claim=claim(number))["results"]
    return results


def _wanted(collection: Collection | Refusal, change: Change, now: Instant) -> Wanted:
    if isinstance(collection, Refusal):
        return Wanted(change, "", None, collection)
    try:
        return Wanted(change, writing.id_of(change, now), collection)
    except Refusal as refusal:
        return Wanted(change, "", None, refusal)


def _collection(tenant_id: str, name: str) -> Collection | Refusal:
    try:
        return collections.find(tenant_id, name, consistent=True)
    except Refusal as refusal:
        return refusal


def _parts(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """Yield changes that can be one transaction: not too many, of not too many collections, each document once."""
    together: list[Wanted] = []
    known: set[tuple[str, str]] = set()
    for each in wanted:
        place = (each.collection.collection_id if each.collection else "", each.document_id)
        collections_known = {collection_id for collection_id, _ in known} | {place[0]}
        is_full = len(together) == _TOGETHER or len(collections_known) > _COLLECTIONS_TOGETHER
        if is_full or (each.collection and place in known):
            yield together
            together, known = [], set()
        together.append(each)
        known.add(place)
    if together:
        yield together


def _planning(together: Sequence[Wanted], now: Instant, *, is_told: bool) -> Callable[[], Plan[Answer]]:
    def plan() -> Plan[Answer]:
        befores = _read(together)
        results: list[View] = []
        writes: list[Write] = []
        changed: dict[str, Collection] = {}
        for each, before in zip(together, befores, strict=True):
            try:
                collection = _possible(each)
                after = writing.changed(collection, each.change, each.document_id, before, at=now)
            except Refusal as refusal:
                results.append(_refused(each, refusal))
                continue
            results.append(_made(documents.state(after)))
            if after is not before:
                writes.append(documents.written(before, after))
                changed[collection.collection_id] = collection
        told = [documents.happened(each, now) for each in changed.values()] if is_told else []
        return Plan({"results": results}, [*writes, *told])

    return plan


def _possible(wanted: Wanted) -> Collection:
    if wanted.collection is None:
        raise wanted.refused or LookupError(wanted.document_id)
    return wanted.collection


def _read(together: Sequence[Wanted]) -> list[documents.Stored | None]:
    """Return the documents as they are now, None for what is not there; one call."""
    keys = [documents.key(each.collection.collection_id, each.document_id) for each in together if each.collection]
    items = iter(table.get_many(keys, consistent=True))
    found = [next(items) if each.collection else None for each in together]
    return [None if item is None else documents.from_item(item) for item in found]


def _made(state: Mapping[str, Any]) -> View:
    return {"status": 200, **state, "code": None, "detail": None, "errors": []}


def _refused(wanted: Wanted, refusal: Refusal) -> View:
    told = {"code": refusal.code, "detail": refusal.detail, "errors": [*refusal.errors]}
    return {"status": refusal.status, "id": wanted.document_id or None, "version": None, "index": None, **told}
