"""What is left of a deleted collection: its documents and keys, the objects of its index, its pointer and its lease."""

import itertools
from collections.abc import Callable

from functions.search.collections import pointers
from functions.search.documents import documents
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
    pointer = pointers.find(collection_id, consistent=True)
    lease = leases.find(collection_id)
    discarded = [] if pointer is None else [each.object for each in pointer.discarded]
    for each in {*pointers.objects(pointer), *discarded, *(lease.planned if lease else ())}:
        files.remove(each)
    table.delete_many([*keys.every(collection_id), pointers.key(collection_id), leases.key(collection_id)])
    return True
