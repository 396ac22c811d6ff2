"""All documents of a collection, a piece at a time: shard by shard, each in the order of the ids, as they are now."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.search.documents import documents
from functions.search.documents.documents import PREFIX, SHARDS, Stored
from shared.storage import table

_AT_ONCE: Final = 500


class Place(NamedTuple):
    """Where the next piece begins."""

    shard: int = 0
    cursor: str | None = None

    @property
    def is_end(self) -> bool:
        """Return whether nothing is left."""
        return self.shard == SHARDS


def piece(collection_id: str, place: Place, *, most: int, most_bytes: int) -> tuple[Sequence[Stored], Place]:
    """Return the documents and tombstones from a place on, and where the next piece begins.

    They are `most` at most, and end with the page (1 MB) in which they have that many bytes.
    """
    found: list[Stored] = []
    partitions = documents.partitions(collection_id)
    size = 0
    while not place.is_end and len(found) < most and size < most_bytes:
        limit = min(_AT_ONCE, most - len(found))
        page = table.query(partitions[place.shard], PREFIX, limit=limit, cursor=place.cursor, consistent=True)
        read = [documents.from_item(item) for item in page.items]
        found += read
        size += sum(len(each.content) for each in read)
        place = Place(place.shard + 1) if page.next_cursor is None else Place(place.shard, page.next_cursor)
    return found, place
