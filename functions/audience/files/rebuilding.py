"""Rebuilding: the files of a tenant are made anew from the table, as the first ones are.

Deltas that are there before the table is read have nothing that it has not, so they are removed with the shards that
are replaced. Later ones stay. Of the old files nothing is taken over but which leads are gone, so that an older version
of one that comes late does not bring it back.
"""

import contextlib
import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from functions.audience.files import contents, deltas, engine, folding, generations, local, merging, pointers, shards
from functions.audience.files.deltas import Delta
from functions.audience.files.pointers import Pointer, Shard
from functions.audience.files.rows import Row
from shared import clock
from shared.observability import logger
from shared.storage.files import FileNotFound

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FAST: Final = 1


class _Work(NamedTuple):
    """What a run reads and writes: shards of a new count, for a generation."""

    connection: "DuckDBPyConnection"
    place: Path
    tenant_id: str
    generation: int
    number_of_shards: int


def rebuild(tenant_id: str) -> Pointer:
    """Publish shards of all leads that the table has, and return the new pointer.

    Their generation is later than that of all files that there are.

    Raises pointers.Superseded, Unavailable.
    """
    now, waiting, before = clock.now(), deltas.every(tenant_id), pointers.find(tenant_id)
    generation = 1 + max(generations.newest(tenant_id), 0 if before is None else before.generation)
    with local.folder() as place, engine.opened(place) as connection:
        rows = _spread(place, contents.of_table(tenant_id))
        _remember_gone(connection, place, before, waiting)
        work = _Work(connection, place, tenant_id, generation, shards.count_for(rows))
        made = [_shard(work, number) for number in range(work.number_of_shards)]
    after = Pointer(tenant_id, generation, made, now, clock.to_rfc3339(now))
    pointers.publish(before, after)
    folding.remove(waiting)
    logger.info("files made anew", tenant_id=tenant_id, generation=generation, rows=rows)
    return after


def _spread(place: Path, rows: Iterable[Row]) -> int:
    """Write rows to as many files on this disk as there can be shards, and return how many there are."""
    written = 0
    with contextlib.ExitStack() as stack:
        parts = [
            stack.enter_context(gzip.open(_part(place, each), "wt", compresslevel=_FAST, encoding="utf-8"))
            for each in range(shards.MOST)
        ]
        for row in rows:
            part = parts[shards.number_of(row["lead_id"], shards.MOST)]
            part.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            written += 1
    return written


def _part(place: Path, number: int) -> Path:
    return place / f"rows-{number}.jsonl.gz"


def _remember_gone(
    connection: "DuckDBPyConnection", place: Path, before: Pointer | None, waiting: Sequence[Delta]
) -> None:
    """Make a table of the leads that are gone as the files have it. Files that have expired tell nothing any more."""
    known = [each.key for each in before.shards] if before else []
    shard_paths, delta_paths = _there(place, known), _there(place, [each.key for each in waiting])
    since = clock.now() - folding.FORGOTTEN_AFTER
    connection.execute(
        f"CREATE TABLE gone AS SELECT lead_id, max(version) AS version, max(changed_at) AS changed_at "  # noqa: S608
        f"FROM (FROM {merging.of_shards(shard_paths)} UNION ALL FROM {merging.of_deltas(delta_paths)}) "
        f"GROUP BY lead_id HAVING max(version) > 0 AND arg_max(is_gone, version) AND max(changed_at) >= {since:d}"
    )
    for each in (*shard_paths, *delta_paths):
        each.unlink()


def _there(place: Path, keys: Sequence[str]) -> list[Path]:
    found: list[Path] = []
    for key in keys:
        with contextlib.suppress(FileNotFound):
            found += local.fetched(place, [key])
    return found


def _shard(work: _Work, number: int) -> Shard:
    parts = [_part(work.place, each) for each in range(number, shards.MOST, work.number_of_shards)]
    path = work.place / f"{number}.parquet"
    is_here = f"{shards.number_in_sql(work.number_of_shards)} = {number:d}"
    work.connection.execute(f"CREATE OR REPLACE TABLE changes AS FROM {merging.of_deltas(parts)}")
    query = (
        f"SELECT * FROM ({merging.merged(merging.of_shards([]), 'changes')}) UNION ALL BY NAME "  # noqa: S608
        f"SELECT *, true AS is_gone FROM gone ANTI JOIN changes USING (lead_id) WHERE {is_here}"
    )
    rows = shards.write(work.connection, query, path)
    made = shards.upload(work.tenant_id, path, generation=work.generation, number=number, rows=rows)
    for each in (path, *parts):
        each.unlink()
    return made
