"""One publication: documents go into indexes of this instance, new files to the bucket, the pointers move last."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from functions.search.collections import pointers, values
from functions.search.collections.collections import Collection
from functions.search.collections.fields import Field
from functions.search.collections.pointers import Discarded, Part, Pointer
from functions.search.documents.documents import Stored
from functions.search.engine import engines, ports
from functions.search.engine.embedded import writer
from functions.search.engine.ports import Blueprint, Change
from functions.search.indexing import folders, leases
from functions.search.indexing.benches import Bench
from functions.search.indexing.leases import Lease, LeaseLost
from shared import clock
from shared.clock import Instant
from shared.observability import logger
from shared.storage import files, table
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import Write


class Batch(NamedTuple):
    """Documents that go into one index, which is that of the bench and has these fields.

    If it `unites`, the index becomes one part.
    """

    bench: Bench
    fields: Sequence[Field]
    changed: Sequence[Stored]
    unites: bool = False


class Published(NamedTuple):
    """What a publication has left: the lease, and the documents that the engine could not take."""

    lease: Lease
    refused: frozenset[str]


Written = Callable[[Sequence[Pointer]], Sequence[Write]]
"""Returns the writes of pointers, those of each batch in their order."""


def publish(collection: Collection, batches: Sequence[Batch], lease: Lease, written: Written) -> Published:
    """Publish changes on top of indexes: all of them or none.

    Raises LeaseLost, Unavailable, EngineBroken; then the folders are no longer what the pointers say.
    """
    done = [_apply(collection, batch) for batch in batches]
    left_behind = lease.planned
    wanted = [folders.objects_for(each.bench.open(), _parts(each.bench.pointer), collection) for each in batches]
    lease = leases.plan(lease, [object_ for objects in wanted for object_ in objects])
    afters = []
    for batch, objects, each in zip(batches, wanted, done, strict=True):
        made = [part for object_, paths in objects.items() for part in folders.upload(object_, paths)]
        afters.append(_moved(batch, made, each, lease, left_behind))
        left_behind = ()
    record([*written(afters), leases.published(lease)])
    for batch, after in zip(batches, afters, strict=True):
        batch.bench.published(after)
    return Published(leases.fulfilled(lease), frozenset[str]().union(*(each.refused for each in done)))


def record(writes: Sequence[Write]) -> None:
    """Write what only the holder of the lease may write. Raises LeaseLost, Unavailable."""
    try:
        table.transact(writes)
    except (ConditionFailed, Contended) as error:
        raise LeaseLost from error


def discarded(known: Sequence[Discarded], gone: Iterable[str]) -> list[Discarded]:
    """Return which objects are named no more, the oldest first, without those that were removed from the bucket now."""
    now = clock.now()
    kept = [each for each in known[-pointers.MOST_KEPT :] if each.since + pointers.KEPT > now]
    staying = set(kept)
    for each in known:
        if each not in staying:
            files.remove(each.object)
    return [*kept, *(Discarded(each, now) for each in gone)]


def _apply(collection: Collection, batch: Batch) -> ports.Written:
    """Write documents into an index, and say which of them the engine could not take.

    A document that does not fit was checked before the collection had all of its fields.
    """
    blueprint = Blueprint(collection.collection_id, batch.fields, collection.language)
    there = {each.id: each.document for each in batch.changed if not each.deleted}
    unfit = {id_ for id_, content in there.items() if any(values.faults(batch.fields, content))}
    changes = [
        Change(each.id, each.version, None if each.id in unfit else there.get(each.id)) for each in batch.changed
    ]
    engine = engines.of_stage()
    write = engine.unite if batch.unites else engine.write
    done = write(batch.bench.open(), blueprint, changes)
    refused = done.refused | unfit
    for document in batch.changed:
        if document.id in refused:
            # What it says is in no log.
            logger.error("document refused", collection_id=collection.collection_id, document_version=document.version)
    return ports.Written(done.documents, refused, done.holds_erased)


def _moved(
    batch: Batch, made: Sequence[Part], done: ports.Written, lease: Lease, left_behind: Sequence[str]
) -> Pointer:
    """Return the pointer of an index after its batch."""
    before, folder = batch.bench.pointer, batch.bench.open()
    names = writer.files(folder).keys()
    parts = [part for part in [*_parts(before), *made] if part.name in names]
    named = {part.object for part in parts}
    gone = [*sorted(pointers.objects(before) - named), *(each for each in left_behind if each not in named)]
    return Pointer(
        collection_id=lease.collection_id,
        parts=parts,
        meta=writer.meta_of(folder),
        documents=done.documents,
        fence=lease.fence,
        discarded=discarded([] if before is None else before.discarded, gone),
        published_at=clock.to_rfc3339(clock.now()),
        version=1 if before is None else before.version + 1,
        fields=len(batch.fields),
        erased_since=_erased_since(before, done),
        united_at=_united_at(batch),
    )


def _united_at(batch: Batch) -> Instant | None:
    if batch.unites:
        return clock.now()
    return None if batch.bench.pointer is None else batch.bench.pointer.united_at


def _erased_since(before: Pointer | None, done: ports.Written) -> Instant | None:
    known = None if before is None else before.erased_since
    if done.holds_erased is None:
        return known
    return (known or clock.now()) if done.holds_erased else None


def _parts(pointer: Pointer | None) -> Sequence[Part]:
    return () if pointer is None else pointer.parts
