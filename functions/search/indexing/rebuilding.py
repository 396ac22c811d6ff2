"""The index that is built beside the one that answers: all documents go into it, piece by piece, out of the table.

The same writer brings what changes meanwhile into both indexes, in one publication. So the new one has caught up once
every document was walked by, and takes the place of the old one in one write, with the fields that it was built for.
How far it is, and what is published of it, are one item: whoever goes on after a crash finds both as of one moment.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from functions.search.collections import collections, erasures, pointers, rebuilds, values
from functions.search.collections.collections import Collection
from functions.search.collections.pointers import Pointer
from functions.search.collections.rebuilds import MOST_FAULTS, Fault, Rebuild
from functions.search.documents import documents, walk
from functions.search.documents.documents import SHARDS, Stored
from functions.search.documents.walk import Place
from functions.search.indexing import benches, leases, publication, uniting
from functions.search.indexing.benches import Bench
from functions.search.indexing.leases import Lease
from functions.search.indexing.publication import Batch
from shared import clock
from shared.clock import Instant
from shared.storage.writes import Put, Write, unchanged

PIECE: Final = 2000
PIECE_BYTES: Final = 2 * 1024 * 1024
"""What goes into the new index at once: a second or two, after which what has changed meanwhile is indexed first."""

_HAPPENED: Final[Mapping[str, str]] = {rebuilds.COMPLETED: "rebuilt", rebuilds.REFUSED: "rebuild_refused"}


class Building:
    """The index that is being built for a collection, as this writer has it."""

    def __init__(self, collection: Collection, rebuild: Rebuild) -> None:
        self.bench = Bench(collection.collection_id, benches.NEXT, rebuild.next)
        self._collection = collection
        self._rebuild = rebuild

    @property
    def is_walked(self) -> bool:
        """Return whether all documents were looked at."""
        return self._rebuild.shard == SHARDS

    @property
    def is_adding(self) -> bool:
        """Return whether the collection gets more fields, and is written with them."""
        return bool(self._rebuild.fields)

    @property
    def is_refused(self) -> bool:
        """Return whether it comes to nothing, since documents have other values in the fields to be added."""
        return bool(self._rebuild.faults)

    def batch(self, changed: Sequence[Stored]) -> Batch | None:
        """Return what goes into the new index of documents, None if it comes to nothing."""
        known = {each[:2]: each for each in self._rebuild.faults}
        for document in changed:
            if not document.deleted:
                known |= {each[:2]: each for each in self._faults(document)}
        self._rebuild = self._rebuild._replace(faults=[*known.values()][:MOST_FAULTS])
        return None if known else Batch(self.bench, [*self._collection.fields, *self._rebuild.fields], changed)

    def moved(self, pointer: Pointer | None, **walked: Any) -> Put:
        """Return the write of what is published of the new index, and of what was found; the fence is beside it."""
        before = self._rebuild
        self._rebuild = rebuilds.moved(before, next=pointer or before.next, **walked)
        return rebuilds.written(before, self._rebuild)

    def walk(self, lease: Lease) -> Lease:
        """Bring the next piece into the new index, and return the lease. Raises LeaseLost, Unavailable."""
        before = self._rebuild
        place = Place(before.shard, before.cursor)
        piece, place = walk.piece(before.collection_id, place, most=PIECE, most_bytes=PIECE_BYTES)
        there = [each for each in piece if not each.deleted]
        batch = self.batch(there)
        walked = place._asdict() | {"done": before.done + len(there)}
        if batch is None:
            is_enough = len(self._rebuild.faults) == MOST_FAULTS
            written = self.moved(None, **(walked | Place(SHARDS)._asdict() if is_enough else walked))
            publication.record([written, leases.renewed(lease)])
            return lease
        done = publication.publish(self._collection, [batch], lease, lambda now: [self.moved(now[0], **walked)])
        for each in there:
            is_refused = each.id in done.refused
            if is_refused != each.refused and each.mark is None:
                documents.settle(each, refused=is_refused)
        return done.lease

    @property
    def is_in_parts(self) -> bool:
        """Return whether it is to be made one part before it answers."""
        return uniting.is_due_first(self.bench.pointer)

    def unite(self, lease: Lease) -> Lease:
        """Make the new index one part, and return the lease. Raises LeaseLost, Unavailable."""
        batch = self.batch(uniting.documents(self._collection.collection_id))
        if batch is None:
            return lease
        united = batch._replace(unites=True)
        return publication.publish(self._collection, [united], lease, lambda now: [self.moved(now[0])]).lease

    def replaced(self, collection: Collection, before: Pointer | None, lease: Lease) -> tuple[Collection, Pointer]:
        """Put the new index in the place of the one before, and return the collection and the pointer after it.

        Raises LeaseLost, Unavailable.
        """
        now, made = clock.now(), self.bench.pointer
        assert made is not None  # noqa: S101 - who has walked has published
        known = sorted([*(before.discarded if before else ()), *made.discarded], key=lambda each: each.since)
        pointer = made._replace(
            discarded=publication.discarded(known, sorted(pointers.objects(before))),
            fence=lease.fence,
            published_at=clock.to_rfc3339(now),
            version=1 if before is None else before.version + 1,
        )
        fields = [*collection.fields, *self._rebuild.fields]
        after, ended = self._ended(rebuilds.COMPLETED, collection, collection._replace(fields=fields), now)
        moved = [pointers.published(before, pointer), *erasures.moved(collection, before, pointer)]
        publication.record([*moved, *ended, leases.renewed(lease)])
        return after, pointer

    def refused(self, collection: Collection, lease: Lease) -> tuple[Collection, Lease]:
        """End what comes to nothing, and return the collection after it, and the lease: it discards the objects.

        Raises LeaseLost, Unavailable.
        """
        made = self.bench.pointer
        left = [] if made is None else [*sorted(pointers.objects(made)), *(each.object for each in made.discarded)]
        lease = lease._replace(planned=[*lease.planned, *left])
        after, ended = self._ended(rebuilds.REFUSED, collection, collection, clock.now())
        publication.record([*ended, leases.renewed(lease)])
        return after, lease

    def _ended(
        self, state: str, before: Collection, after: Collection, at: Instant
    ) -> tuple[Collection, Sequence[Write]]:
        """Return the collection that nothing is added to any more, and the writes of that."""
        rebuild = self._rebuild
        self._rebuild = rebuilds.ended(rebuild, state, at)
        happened = collections.happened(_HAPPENED[state], before, at)
        writes: list[Write] = [rebuilds.written(rebuild, self._rebuild), happened]
        if not self.is_adding:
            return before, writes
        after = after._replace(adding=(), version=before.version + 1)
        return after, [*writes, Put(collections.to_item(after), unchanged(before.version))]

    def _faults(self, document: Stored) -> Iterator[Fault]:
        for name, reason in values.faults(self._rebuild.fields, document.document):
            yield Fault(document.id, name, reason)
