"""When an index of many parts is made one: each part is asked for every word of a search, one after the other.

One that was built anew is made one before it answers, one that grows by changes once in a day at most. It is written
once more whole for that, so a large one keeps its parts.
"""

from collections.abc import Sequence
from typing import Final

from functions.search.collections.pointers import Pointer
from functions.search.documents import walk
from functions.search.documents.documents import Stored
from functions.search.documents.walk import Place
from functions.search.engine import engines
from shared import clock
from shared.clock import DAY

AGAIN_AFTER: Final = DAY
MOST_PARTS: Final = 8
"""How many parts an index may have that has grown. The engine merges as many of one size by itself."""
MOST_BYTES: Final = 64 * 1024 * 1024
"""What an index may have: 50 MB take seven seconds of a processor, and a step of a run begins with twenty left."""
MOST_TAKEN: Final = 10
"""How many documents that takes, and some more, since the engine may refuse one."""
_PIECE: Final = 100
_PIECE_BYTES: Final = 1024 * 1024


def is_due(pointer: Pointer | None) -> bool:
    """Return whether an index that has grown by changes is to be made one part."""
    if pointer is None or not _is_small(pointer) or engines.of_stage().parts(pointer.meta) <= MOST_PARTS:
        return False
    return pointer.united_at is None or pointer.united_at + AGAIN_AFTER <= clock.now()


def is_due_first(pointer: Pointer | None) -> bool:
    """Return whether an index that was built anew is to be made one part before it answers."""
    if pointer is None or pointer.united_at is not None or not _is_small(pointer):
        return False
    return engines.of_stage().parts(pointer.meta) > 1


def documents(collection_id: str) -> Sequence[Stored]:
    """Return some documents of a collection, as they are now: the engine takes a few to make its index one part."""
    piece, _ = walk.piece(collection_id, Place(), most=_PIECE, most_bytes=_PIECE_BYTES)
    return [each for each in piece if not (each.deleted or each.refused)][:MOST_TAKEN]


def _is_small(pointer: Pointer) -> bool:
    return sum(part.size for part in pointer.parts) <= MOST_BYTES
