"""The writer of indexes: it takes what waits in a collection, a batch at a time, until nothing does.

Documents are taken as they are now, whatever has woken it. A mark goes only if the document still is at the version
that the index got, so that a change in between waits for the next round. While another index is built beside the one
that answers, each batch goes into both, and the building goes on after each.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from functions.search.collections import collections, erasures, pointers, rebuilds, tenant_index
from functions.search.collections.collections import Collection
from functions.search.collections.pointers import Pointer
from functions.search.documents import documents
from functions.search.documents.documents import Stored
from functions.search.engine import engines
from functions.search.indexing import benches, leases, metrics, publication, removal, uniting
from functions.search.indexing.benches import Bench
from functions.search.indexing.leases import Lease, LeaseLost
from functions.search.indexing.publication import Batch
from functions.search.indexing.rebuilding import Building
from shared import clock
from shared.observability import logger
from shared.storage import files
from shared.storage.writes import Write

BATCH: Final = 1000
"""How many documents a publication takes at most: as many as an import brings at once."""
BATCH_BYTES: Final = 2 * 1024 * 1024
"""Of how much text, and one document more: two seconds of work."""


class Ran(NamedTuple):
    """What a run came to: whether nothing is left to be done, and the generation of the index, None without one."""

    is_done: bool
    generation: int | None


def run(tenant_id: str, name: str, collection_id: str, has_time: Callable[[], bool]) -> Ran:
    """Bring the index of a collection up to date, for as long as there is time.

    Of a collection that was deleted, everything is removed. `has_time` is asked before each batch. Raises LeaseHeld,
    LeaseLost, Unavailable.
    """
    collection = tenant_index.known(tenant_id, name, collection_id)
    if collection is None:
        return Ran(removal.run(collection_id, has_time), None)
    lease = leases.take(collection_id)
    workshop = _Workshop(collection, lease)
    try:
        return Ran(workshop.drain(has_time), workshop.generation)
    finally:
        workshop.close()


def forget() -> None:
    """Remove the folders that were written last, so that the next run fetches the index."""
    benches.forget()


class _Workshop:
    """A collection that is being indexed, with its lease and its folders."""

    def __init__(self, collection: Collection, lease: Lease) -> None:
        self._collection = collection
        self._lease = lease
        pointer, rebuild = rebuilds.find(collection.collection_id)
        self._current = Bench(collection.collection_id, benches.CURRENT, pointer)
        is_building = rebuild is not None and rebuild.is_running
        self._building = Building(collection, rebuild) if rebuild is not None and is_building else None
        self._is_lost = False

    @property
    def generation(self) -> int | None:
        """Return the generation of the index as it is published, None if nothing is."""
        return None if self._current.pointer is None else self._current.pointer.version

    def _tidy(self) -> None:
        """Remove what the engine keeps of indexes that no pointer names any more, or never did."""
        benches_now = [self._current, *([] if self._building is None else [self._building.bench])]
        kept = [each.pointer.meta for each in benches_now if each.pointer is not None]
        engines.of_stage().sweep(self._collection.collection_id, kept)

    def drain(self, has_time: Callable[[], bool]) -> bool:
        self._tidy()
        while has_time():
            waiting = documents.pending(self._collection.collection_id, limit=BATCH, most_bytes=BATCH_BYTES)
            changed = _bounded(waiting)
            # What was changed meanwhile: whoever did it has sent a message that comes after this one.
            is_moved = bool(changed) and self._index(changed)
            if self._build() or is_moved:
                continue
            if not uniting.is_due(self._current.pointer) or not self._is_readable():
                return True
            if has_time():
                self._unite()
        return False

    def close(self) -> None:
        self._current.close()
        if self._building is not None:
            self._building.bench.close()
        leases.release(self._lease)

    def _index(self, changed: Sequence[Stored]) -> bool:
        """Publish what was changed, and return whether the mark of any of it is gone."""
        batches = self._batches(changed)
        done = publication.publish(self._collection, batches, self._lease, self._written)
        self._lease = done.lease
        settled = documents.settle_all(changed, refused=done.refused)
        metrics.measure(changed, refused=len(done.refused))
        return any(settled)

    def _batches(self, changed: Sequence[Stored]) -> list[Batch]:
        """Return what goes into which index: into the one that answers, and the one that is built in its place."""
        built = None if self._building is None else self._building.batch(changed)
        if not self._is_readable():
            self._is_lost = True
            built = built or self._built_anew(changed)
        found = [] if self._is_lost else [Batch(self._current, self._collection.fields, changed)]
        return found if built is None else [*found, built]

    def _is_readable(self) -> bool:
        """Return whether the index that answers is one of the engine, and its objects are there."""
        pointer = self._current.pointer
        if self._is_lost or (pointer is not None and not engines.of_stage().knows(pointer.meta)):
            return False
        try:
            self._current.open()
        except files.FileNotFound:
            logger.error("objects of an index are gone", collection_id=self._collection.collection_id)
            return False
        return True

    def _built_anew(self, changed: Sequence[Stored]) -> Batch | None:
        """Return what goes into an index in the place of one that is lost; fields that do not fit come to nothing."""
        if self._building is None:
            self._begin_anew()
        else:
            self._refuse(self._building)
        return None if self._building is None else self._building.batch(changed)

    def _begin_anew(self) -> None:
        there = rebuilds.find(self._collection.collection_id)
        now = clock.now()
        rebuild, written = rebuilds.begun(collections.woken(self._collection), (), there, now)
        happened = collections.happened("rebuild_requested", self._collection, now)
        publication.record([written, happened, leases.renewed(self._lease)])
        self._building = Building(self._collection, rebuild)

    def _written(self, moved: Sequence[Pointer]) -> list[Write]:
        """Return the writes of the pointers of a batch, in the order of the indexes that it went into."""
        left = [*moved]
        writes: list[Write] = []
        if not self._is_lost:
            before, after = self._current.pointer, left.pop(0)
            writes += [pointers.published(before, after), *erasures.moved(self._collection, before, after)]
        if self._building is not None:
            writes.append(self._building.moved(left.pop(0) if left else None))
        return writes

    def _build(self) -> bool:
        """Go on with the index that is being built, and return whether there was one."""
        building = self._building
        if building is None:
            return False
        if not building.is_walked:
            self._lease = building.walk(self._lease)
        elif building.is_refused:
            self._refuse(building)
        elif building.is_in_parts:
            self._lease = building.unite(self._lease)
        else:
            self._replace(building)
        return True

    def _unite(self) -> None:
        """Make the index that answers one part."""
        changed = uniting.documents(self._collection.collection_id)
        batch = Batch(self._current, self._collection.fields, changed, unites=True)
        self._lease = publication.publish(self._collection, [batch], self._lease, self._written).lease

    def _replace(self, building: Building) -> None:
        self._collection, pointer = building.replaced(self._as_it_is(building), self._current.pointer, self._lease)
        self._current.drop()
        self._current, self._building, self._is_lost = building.bench.takes_the_place(pointer), None, False
        self._tidy()

    def _refuse(self, building: Building) -> None:
        self._collection, self._lease = building.refused(self._as_it_is(building), self._lease)
        building.bench.drop()
        self._building = None
        if self._is_lost:
            self._begin_anew()

    def _as_it_is(self, building: Building) -> Collection:
        """Return the collection as it is now, if it is to be written: more than its fields may have changed since.

        Raises LeaseLost.
        """
        known = self._collection
        if not building.is_adding:
            return known
        found = collections.known(known.tenant_id, known.name, known.collection_id)
        if found is None:
            raise LeaseLost
        return found


def _bounded(changed: Sequence[Stored]) -> Sequence[Stored]:
    """Return the first of some documents, which have not much more text than a batch takes."""
    sizes = itertools.accumulate(len(each.content) for each in changed)
    return changed[: 1 + sum(size <= BATCH_BYTES for size in sizes)]
