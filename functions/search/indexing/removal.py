"""What is left of a deleted collection: its documents and keys, the objects of its index, its pointer and its lease."""

import itertools
from collections.abc import Callable

from functions.search.collections import erasures, pointers, rebuilds
from functions.search.documents import documents
from functions.search.engine import engines
from functions.search.indexing import leases
from functions.search.keys import keys
from shared.storage import files, table
from shared.storage.table import MAX_BATCH_WRITES


def run(collection_id: str, has_time: Callable[[], bool]) -> bool:
    """Remove what is left of a collection; return whether nothing is. `has_time` is asked before each 25 documents."""
    every = documents.every(collection_id)
    while together := list(itertools.islice(every, MAX_BATCH_WRITES)):
        table.delete_many(together)
        if not has_time():
            return False
    pointer, rebuild = rebuilds.find(collection_id)
    lease = leases.find(collection_id)
    indexes = [each for each in (pointer, rebuild and rebuild.next) if each is not None]
    discarded = [gone.object for each in indexes for gone in each.discarded]
    named = {object_ for each in indexes for object_ in pointers.objects(each)}
    for object_ in {*named, *discarded, *(lease.planned if lease else ())}:
        files.remove(object_)
    engines.of_stage().sweep(collection_id, ())
    beside = [each.key(collection_id) for each in (pointers, rebuilds, erasures, leases)]
    table.delete_many([*keys.every(collection_id), *beside])
    table.delete_many([erasures.removal_key(collection_id)])
    return True
