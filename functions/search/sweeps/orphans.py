"""The sweep of objects: what belongs to no index is removed from the bucket.

An object is kept as long as an item beside its index names it: a pointer, or the lease of a writer at work. What no
pointer names and no such lease has announced is an orphan after an hour: its writer broke off and none came after it,
or its collection is gone.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from functions.search.collections import pointers
from functions.search.indexing import folders
from functions.search.sweeps.metrics import ORPHANED_OBJECTS
from shared import clock, metrics
from shared.clock import Instant
from shared.observability import logger
from shared.storage import files, records, table
from shared.storage.attributes import Item, Key
from shared.storage.files import Listed

PAGE: Final = 1000
_PLACE: Final = Key("SEARCH#SWEEPS", "OBJECTS")
_PARTS_OF_A_KEY: Final = 4
_AT_ONCE: Final = 100


class Sweep(NamedTuple):
    """After which object the next run goes on, an empty text for the first."""

    after: str


class _Named(NamedTuple):
    """What the items of a collection say of its objects: which stay, and which were replaced and are known to go."""

    staying: frozenset[str]
    replaced: frozenset[str]


def run(has_time: Callable[[], bool]) -> int:
    """Look at the objects of all indexes, from where the last run ended; return how many orphans were removed.

    `has_time` is asked before each collection. Raises Unavailable; what was looked at by then is looked at again.
    """
    now, orphans = clock.now(), 0
    after = _noted()
    while has_time():
        listed = files.listed(f"{folders.PURPOSE}/", after=after, limit=PAGE)
        for collection_id, objects in groupby(listed, _collection):
            if not has_time():
                break
            together = [*objects]
            orphans += _swept(collection_id, together, now)
            after = together[-1].key
        else:
            after = after if len(listed) == PAGE else ""
        if not after:
            break
    _note(after)
    if orphans:
        metrics.write({ORPHANED_OBJECTS: [orphans]})
    return orphans


def _collection(listed: Listed) -> str:
    """Return to whose index an object belongs: its key is `search/<tenant>/<collection>/<id>`."""
    parts = listed.key.split("/")
    return parts[2] if len(parts) == _PARTS_OF_A_KEY else ""


def _swept(collection_id: str, objects: Sequence[Listed], now: Instant) -> int:
    """Remove what is over of the objects of a collection, and return how many of them were orphans."""
    old = [each.key for each in objects if each.written_at + pointers.KEPT <= now]
    if not collection_id or not old:
        return 0
    # What was listed before is read after: an object that was published meanwhile is named.
    named = _named(collection_id, now)
    gone = [each for each in old if each not in named.staying]
    for each in gone:
        files.remove(each)
    orphans = [each for each in gone if each not in named.replaced]
    if orphans:
        logger.warning("orphaned objects removed", collection_id=collection_id, objects=len(orphans))
    return len(orphans)


def _named(collection_id: str, now: Instant) -> _Named:
    """Return what the pointers and the lease of a collection say; nothing of one that is gone."""
    said = [each for item in _beside(collection_id) for each in _saying(item)]
    staying = {name for each in said for name in _staying(each, now)}
    replaced = {object_ for each in said for object_, _ in each.get("discarded", ())}
    return _Named(frozenset(staying), frozenset(replaced))


def _saying(item: Item) -> Iterator[Item]:
    """Yield an item, and the maps in it: the pointer of an index that is being built may be one of them."""
    yield item
    yield from (each for each in item.values() if isinstance(each, dict))


def _beside(collection_id: str) -> Iterator[Item]:
    """Yield all items that there are of the index of a collection, whatever they are called."""
    low: str | None = "!"
    while low is not None:
        items, last = table.between(pointers.partition(collection_id), low, "~", limit=_AT_ONCE, consistent=True)
        yield from items
        low = None if last is None else f"{last}!"


def _staying(said: Item, now: Instant) -> Iterator[str]:
    yield from (part[1] for part in said.get("parts", ()))
    yield from (object_ for object_, since in said.get("discarded", ()) if since + pointers.KEPT > now)
    yield from said.get("planned", ()) if said.get("expires_at", 0) > now else ()


def _noted() -> str:
    item = table.get(_PLACE, consistent=True)
    return "" if item is None else records.from_item(Sweep, item).after


def _note(after: str) -> None:
    table.put_many([records.to_item(_PLACE, "ObjectSweep", Sweep(after))])
