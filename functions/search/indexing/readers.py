"""Indexes that this instance searches: opened once, and looked at again every two seconds.

Those that were searched longest ago are closed when the disk has no room for more.
"""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from functions.search.collections import pointers
from functions.search.collections.collections import Collection
from functions.search.collections.pointers import Pointer
from functions.search.engine import engines
from functions.search.engine.ports import Blueprint, Searcher
from functions.search.indexing import folders
from shared import clock
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.storage import files

LOOKED_AT_EVERY: Final = 2 * SECOND
MAX_BYTES: Final = 350 * 1024 * 1024
"""What the open indexes may have together: Lambda gives 512 MB of disk, and two states of one are there for a while."""
_TRIES: Final = 2


@dataclass
class _Opened:
    """An index that is open: its state, where its files are, and when its pointer was looked at.

    `fields` is how many fields can be asked for.
    """

    searcher: Searcher
    folder: Path
    size: int
    version: int
    fields: int
    looked_at: Instant


_opened: OrderedDict[str, _Opened] = OrderedDict()


def of(collection: Collection) -> Searcher | None:
    """Return what searches a collection, None while nothing of it is published. Raises Unavailable."""
    known = _opened.get(collection.collection_id)
    if known is None or known.fields < len(collection.fields) or clock.now() - known.looked_at >= LOOKED_AT_EVERY:
        known = _looked_at(collection, known)
    if known is None:
        return None
    _opened.move_to_end(collection.collection_id)
    return known.searcher


def reopened(collection: Collection) -> Searcher | None:
    """Return what searches a collection as its pointer says now, since its index is gone. Raises Unavailable."""
    _close(collection.collection_id)
    return of(collection)


def replaced() -> Unavailable:
    """Return the refusal of a search whose index is being replaced."""
    return Unavailable("The index is being replaced. Repeat the request.", headers={"Retry-After": "1"})


def forget() -> None:
    """Close all indexes, so that the next search looks at the pointer."""
    while _opened:
        _close(next(iter(_opened)))


def _looked_at(collection: Collection, known: _Opened | None) -> _Opened | None:
    """Return the index as its pointer says now; an object that is gone means that the pointer has moved."""
    for _ in range(_TRIES):
        pointer = pointers.find(collection.collection_id)
        if pointer is not None and pointer.fields < len(collection.fields):
            # The collection is newer than what this read of the pointer was told.
            pointer = pointers.find(collection.collection_id, consistent=True)
        if pointer is None:
            return None
        if known is not None and known.version == pointer.version and known.fields >= len(collection.fields):
            known.looked_at = clock.now()
            return known
        if not engines.of_stage().knows(pointer.meta):
            break
        try:
            return _open(collection, pointer, known)
        except files.FileNotFound:
            continue
    raise replaced()


def _open(collection: Collection, pointer: Pointer, known: _Opened | None) -> _Opened:
    _make_room(collection.collection_id, sum(part.size for part in pointer.parts))
    folder = folders.fresh()
    try:
        size = folders.fill(folder, pointer, earlier=None if known is None else known.folder)
        blueprint = Blueprint(collection.collection_id, collection.fields, collection.language)
        searcher = engines.of_stage().open(folder, blueprint)
    except BaseException:
        folders.drop(folder)
        raise
    _close(collection.collection_id)
    fields = len(collection.fields)
    opened = _opened[collection.collection_id] = _Opened(searcher, folder, size, pointer.version, fields, clock.now())
    return opened


def _make_room(collection_id: str, size: int) -> None:
    others = [each for each in _opened if each != collection_id]
    while others and sum(each.size for each in _opened.values()) + size > MAX_BYTES:
        _close(others.pop(0))


def _close(collection_id: str) -> None:
    opened = _opened.pop(collection_id, None)
    if opened is not None:
        folders.drop(opened.folder)
