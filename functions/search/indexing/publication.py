"""One publication: documents go into the index of this instance, new files to the bucket, the pointer moves last."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from functions.search.collections import pointers
from functions.search.collections.collections import Collection
from functions.search.collections.pointers import Discarded, Part, Pointer
from functions.search.documents.documents import Stored
from functions.search.engine.embedded import writer
from functions.search.engine.embedded.containment import EngineBroken
from functions.search.engine.embedded.writer import Writer
from functions.search.indexing import folders, leases
from functions.search.indexing.leases import Lease, LeaseLost
from shared import clock
from shared.observability import logger
from shared.storage import files, table
from shared.storage.table import ConditionFailed, Contended


class Published(NamedTuple):
    """What a publication has left: the pointer, the lease, and the documents that the engine could not take."""

    pointer: Pointer
    lease: Lease
    refused: frozenset[str]


def publish(
    collection: Collection, changed: Sequence[Stored], folder: Path, before: Pointer | None, lease: Lease
) -> Published:
    """Publish changes on top of the index in a folder, which is that of the pointer.

    Raises LeaseLost, Unavailable, EngineBroken; then the folder is no longer what the pointer says.
    """
    refused, documents = _apply(collection, changed, folder)
    known = [] if before is None else before.parts
    wanted = folders.objects_for(folder, known, collection)
    left_behind = lease.planned
    lease = leases.plan(lease, [*wanted])
    made = [part for object_, paths in wanted.items() for part in folders.upload(object_, paths)]
    names = writer.files(folder).keys()
    parts = [part for part in [*known, *made] if part.name in names]
    after = Pointer(
        collection_id=collection.collection_id,
        parts=parts,
        meta=writer.meta_of(folder),
        documents=documents,
        fence=lease.fence,
        discarded=_discarded(before, parts, left_behind),
        published_at=clock.to_rfc3339(clock.now()),
        version=1 if before is None else before.version + 1,
    )
    try:
        table.transact([pointers.published(before, after), leases.published(lease)])
    except (ConditionFailed, Contended) as error:
        raise LeaseLost from error
    return Published(after, leases.fulfilled(lease), refused)


def _apply(collection: Collection, changed: Sequence[Stored], folder: Path) -> tuple[frozenset[str], int]:
    """Write documents into an index; return the ids that the engine could not take, and how many documents it has."""
    index = Writer(folder, collection.fields, collection.language)
    refused = set()
    for document in changed:
        try:
            if document.deleted:
                index.remove(document.id)
            else:
                index.put(document.id, document.document)
        except EngineBroken:
            # What it says is in no log, and what the document says neither.
            logger.error("document refused", collection_id=collection.collection_id, document_version=document.version)
            refused.add(document.id)
    return frozenset(refused), index.commit()


def _discarded(before: Pointer | None, parts: Sequence[Part], left_behind: Sequence[str]) -> list[Discarded]:
    """Return which objects are named no more, the oldest first, without those that were removed from the bucket now."""
    now = clock.now()
    named = {part.object for part in parts}
    known = [] if before is None else before.discarded
    kept = [each for each in known[-pointers.MOST_KEPT :] if each.since + pointers.KEPT > now]
    staying = set(kept)
    for each in known:
        if each not in staying:
            files.remove(each.object)
    gone = [*sorted(pointers.objects(before) - named), *(each for each in left_behind if each not in named)]
    return [*kept, *(Discarded(each, now) for each in gone)]
