"""What readers of files are given: the shards and deltas that together have all leads of a tenant at one moment.

Files do not change, and a delta is removed only after shards that have it were published. So a reader lists the deltas
first and reads the pointer then: what is missing in the list is in the shards, and what is in both is the same. A file
that is gone when it is fetched was replaced: ask again.
"""

from typing import NamedTuple

from functions.audience.files import deltas, pointers
from shared.clock import Instant


class File(NamedTuple):
    """A file in the bucket, and the tag of its one version."""

    key: str
    etag: str


class Snapshot(NamedTuple):
    """The files of a tenant's leads: Parquet in `shards`, compressed lines of JSON in `deltas`.

    `merging.show` makes one view of both. `as_of` is when the newest change was made that is in them, `rows` how many
    rows the shards have.
    """

    generation: int
    shards: tuple[File, ...]
    deltas: tuple[File, ...]
    as_of: Instant
    rows: int = 0


def published(tenant_id: str) -> Snapshot | None:
    """Return the files of a tenant as they are now, None before its first; two calls. Raises Unavailable."""
    changed = deltas.every(tenant_id)
    pointer = pointers.find(tenant_id)
    if pointer is None:
        return None
    return Snapshot(
        pointer.generation,
        tuple(File(each.key, each.etag) for each in pointer.shards),
        tuple(File(each.key, each.etag) for each in changed),
        max([pointer.as_of, *(each.newest for each in changed)]),
        pointer.rows,
    )
