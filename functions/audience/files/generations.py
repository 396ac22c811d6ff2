"""Which generations the files of a tenant are of: one that is later than the pointer's is a sign of a restored table.

A run that breaks off leaves files of the next generation, which its repetition publishes soon. What is later still, or
has been so for an hour, was published by a pointer that the table does not remember.
"""

from collections.abc import Iterable
from typing import Final

from functions.audience.files import folders, shards
from functions.audience.files.metrics import FILES_OF_ANOTHER_TIME
from functions.audience.files.pointers import Pointer
from shared import clock, metrics
from shared.observability import logger
from shared.storage.files import Listed

PUBLISHED_WITHIN: Final = 3600 * clock.SECOND


def newest(tenant_id: str) -> int:
    """Return the newest generation that a tenant has files of, 0 if it has none. Raises Unavailable."""
    prefix = folders.shards(tenant_id)
    return max((shards.generation_of(tenant_id, each.key) for each in folders.every(prefix)), default=0)


def are_of_another_time(pointer: Pointer) -> bool:
    """Return whether files are of another time than the table, and count that. Raises Unavailable."""
    return are_newer(pointer, folders.every(folders.shards(pointer.tenant_id)))


def are_newer(pointer: Pointer, listed: Iterable[Listed]) -> bool:
    """Return whether some of these files are of another time than the table, and count that."""
    settled, next_one = clock.now() - PUBLISHED_WITHIN, pointer.generation + 1
    found = [(shards.generation_of(pointer.tenant_id, each.key), each.written_at) for each in listed]
    late = [each for each, at in found if each > next_one or (each == next_one and at <= settled)]
    if late:
        metrics.count(FILES_OF_ANOTHER_TIME)
        logger.error("files of another time", tenant_id=pointer.tenant_id, generation=max(late), pointer=next_one - 1)
    return bool(late)
