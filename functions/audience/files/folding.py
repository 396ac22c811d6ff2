"""Folding: the deltas of a tenant become part of its shards, and the shards that they change are written anew.

Nothing is ever overwritten. The files of a run that breaks off, or that was slower than another, are named by no
pointer. Deltas are removed when shards that have them are published; one that stays is folded once more.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from functions.audience.files import engine, local, merging, pointers, shards
from functions.audience.files.deltas import Delta
from functions.audience.files.pointers import Pointer, Shard
from shared import clock
from shared.clock import DAY, Instant
from shared.observability import logger
from shared.storage import files, parallel

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_AT_ONCE: Final = 1_000
"""Deltas that one run folds; there may be more."""
FORGOTTEN_AFTER: Final = 7 * DAY
"""So long it is known that a lead is gone: no older version of it comes later than that."""


class _Work(NamedTuple):
    """What a run reads and writes: shards of a new count, without what has been gone since before an instant."""

    connection: "DuckDBPyConnection"
    place: Path
    before: Pointer
    number_of_shards: int
    gone_since: Instant


def fold(before: Pointer, waiting: Sequence[Delta]) -> Pointer:
    """Publish shards that have these deltas, remove those, and return the new pointer.

    Raises pointers.Superseded, Unavailable, and files.FileNotFound when somebody else has folded some of them.
    """
    now, folded = clock.now(), waiting[:MOST_AT_ONCE]
    after = Pointer(
        tenant_id=before.tenant_id,
        generation=before.generation + 1,
        shards=written(before, waiting),
        as_of=max([before.as_of, *(each.newest for each in folded)]),
        published_at=clock.to_rfc3339(now),
    )
    pointers.publish(before, after)
    remove(folded)
    logger.info("deltas folded", tenant_id=before.tenant_id, generation=after.generation, deltas=len(folded))
    return after


def written(before: Pointer, waiting: Sequence[Delta]) -> list[Shard]:
    """Write the shards that have what is to be folded of these deltas, and return all shards as they are then.

    Raises Unavailable, and files.FileNotFound for a delta or a shard that is not there.
    """
    folded = waiting[:MOST_AT_ONCE]
    # What is gone is forgotten only when no delta is left that could know it better.
    gone_since = clock.now() - FORGOTTEN_AFTER if len(folded) == len(waiting) else 0
    with local.folder() as place, engine.opened(place) as connection:
        paths = local.fetched(place, [each.key for each in folded])
        connection.execute(f"CREATE TABLE changes AS FROM {merging.of_deltas(paths)}")
        rows = before.rows + sum(each.rows for each in folded)
        count = shards.count_for(rows, at_least=max(len(before.shards), 1))
        work = _Work(connection, place, before, count, gone_since)
        return [_shard(work, number) for number in range(count)]


def remove(folded: Sequence[Delta]) -> None:
    """Remove deltas that published shards have. Raises Unavailable."""
    parallel.calls(files.remove, [each.key for each in folded])


def _shard(work: _Work, number: int) -> Shard:
    """Return the shard of this number as it is after the changes: as it was, where there are none."""
    before = work.before.shards
    is_here = f"{shards.number_in_sql(work.number_of_shards)} = {number:d}"
    is_changed = work.connection.execute(f"SELECT 1 FROM changes WHERE {is_here} LIMIT 1").fetchone()  # noqa: S608
    if is_changed is None and work.number_of_shards == len(before):
        return before[number]
    paths = local.fetched(work.place, [before[number % len(before)].key]) if before else []
    path = work.place / f"{number}.parquet"
    rows = shards.write(work.connection, _query(work, paths, is_here), path)
    made = shards.upload(work.before.tenant_id, path, generation=work.before.generation + 1, number=number, rows=rows)
    for each in (path, *(paths if work.number_of_shards == len(before) else ())):
        each.unlink()
    return made


def _query(work: _Work, paths: Sequence[Path], is_here: str) -> str:
    """Return the query for the rows of a shard: what has changed, merged with what was there, and all else as it was.

    Of a lead that is gone nothing is kept but that, and since when.
    """
    known = f"(SELECT * FROM {merging.of_shards(paths)} WHERE {is_here})"  # noqa: S608 - no text of a caller
    changes = f"(SELECT * FROM changes WHERE {is_here})"  # noqa: S608 - as above
    kept = (
        "map_from_entries(list_filter(map_entries(campaigns), "
        f"lambda x: NOT x.value.is_gone OR x.value.changed_at >= {work.gone_since:d}))"
    )
    return (
        f"WITH merged AS ({merging.merged(known, changes)}), every AS ("  # noqa: S608 - as above
        f"SELECT * REPLACE (CASE WHEN is_gone AND version > 0 THEN NULL ELSE {kept} END AS campaigns) FROM merged "
        f"UNION ALL SELECT {merging.COLUMNS} FROM {known} ANTI JOIN changes USING (lead_id)"
        f") SELECT * FROM every WHERE NOT is_gone OR changed_at >= {work.gone_since:d}"
    )
