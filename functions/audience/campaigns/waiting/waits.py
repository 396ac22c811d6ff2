"""What a chunk waits for, by what is stored of it and of its campaign; no message says it."""

from collections.abc import Iterable

from functions.audience.campaigns.chunks import Chunk
from shared import instants
from shared.instants import Instant


def due_at(chunk: Chunk) -> Instant:
    """Return from when on a chunk may be sent; 0 where it is so at once."""
    return 0 if chunk.starts_at is None else instants.from_stored(chunk.starts_at)


def next_at(chunks: Iterable[Chunk], now: Instant) -> Instant | None:
    """Return when the next of these chunks is due, None if all of them are."""
    return min((due for each in chunks if (due := due_at(each)) > now), default=None)
