"""The writer of indexes: it takes what waits in a collection, a hundred at a time, until nothing does.

Documents are taken as they are now, whatever has woken it. A mark goes only if the document still is at the version
that the index got, so that a change in between waits for the next round.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from functions.search.collections import collections, pointers, tenant_index
from functions.search.collections.collections import Collection
from functions.search.documents import documents
from functions.search.indexing import folders, leases, metrics, publication, removal
from functions.search.indexing.leases import Lease

BATCH: Final = 100


class _Warm(NamedTuple):
    """A folder that this instance has written last, and which state of which index it is."""

    collection_id: str
    meta: str
    folder: Path


class Ran(NamedTuple):
    """What a run came to: whether nothing is left to be done, and the generation of the index, None without one."""

    is_done: bool
    generation: int | None


_warm: list[_Warm] = []
"""At most one: a collection that changes goes on changing, and mostly here."""


def run(tenant_id: str, name: str, collection_id: str, has_time: Callable[[], bool]) -> Ran:
    """Bring the index of a collection up to date, for as long as there is time.

    Of a collection that was deleted, everything is removed. `has_time` is asked before each batch. Raises LeaseHeld,
    LeaseLost, Unavailable.
    """
    collection = _known(tenant_id, name, collection_id)
    if collection is None:
        return Ran(removal.run(collection_id, has_time), None)
    lease = leases.take(collection_id)
    workshop = _Workshop(collection, lease)
    try:
        return Ran(workshop.drain(has_time), workshop.generation)
    finally:
        workshop.close()


def forget() -> None:
    """Remove the folder that was written last, so that the next run fetches the index."""
    while _warm:
        folders.drop(_warm.pop().folder)


def _known(tenant_id: str, name: str, collection_id: str) -> Collection | None:
    """Return the collection or the tenant's index of an id, None for a collection that was deleted."""
    if collection_id == tenant_index.id_of(tenant_id):
        return tenant_index.of(tenant_id)
    return collections.known(tenant_id, name, collection_id)


class _Workshop:
    """A collection that is being indexed, with its lease and its folder."""

    def __init__(self, collection: Collection, lease: Lease) -> None:
        self._collection = collection
        self._lease = lease
        self._folder: Path | None = None
        self._is_whole = False
        self._pointer = pointers.find(collection.collection_id, consistent=True)

    @property
    def generation(self) -> int | None:
        """Return the generation of the index as it is published, None if nothing is."""
        return None if self._pointer is None else self._pointer.version

    def drain(self, has_time: Callable[[], bool]) -> bool:
        while has_time():
            changed = documents.pending(self._collection.collection_id, limit=BATCH)
            if not changed:
                return True
            folder = self._open()
            self._is_whole = False
            done = publication.publish(self._collection, changed, folder, self._pointer, self._lease)
            self._pointer, self._lease, self._is_whole = done.pointer, done.lease, True
            settled = [documents.settle(each, refused=each.id in done.refused) for each in changed]
            metrics.measure(changed, refused=len(done.refused))
            if not any(settled):
                # All were changed meanwhile: whoever did it has sent a message that comes after this one.
                return True
        return False

    def close(self) -> None:
        if self._folder is not None and self._pointer is not None and self._is_whole:
            forget()
            _warm.append(_Warm(self._collection.collection_id, self._pointer.meta, self._folder))
        else:
            folders.drop(self._folder)
        leases.release(self._lease)

    def _open(self) -> Path:
        """Return the folder of the index as the pointer says: the one written last, if that is it."""
        if self._folder is not None:
            return self._folder
        warm = _warm.pop() if _warm else None
        if warm is not None and warm[:2] == (self._collection.collection_id, self._meta):
            self._folder = warm.folder
            return self._folder
        self._folder = folders.fresh()
        if self._pointer is not None:
            folders.fill(self._folder, self._pointer, earlier=None if warm is None else warm.folder)
        folders.drop(None if warm is None else warm.folder)
        return self._folder

    @property
    def _meta(self) -> str | None:
        return None if self._pointer is None else self._pointer.meta
