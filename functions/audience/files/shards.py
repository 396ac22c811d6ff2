"""Shards: over how many files the leads of a tenant are spread, which one a lead is in, and how one is written.

The last character of an id is random and one of 32, so it says in which shard a lead is. A count that is doubled splits
each shard in two.
"""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

from functions.audience.files import folders, merging
from functions.audience.files.pointers import Shard
from shared.storage import files

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST: Final = 32
MOST_ROWS: Final = 30_000
"""More rows than these in a shard, on average, double the number of shards."""
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_MEDIA_TYPE: Final = "application/vnd.apache.parquet"
_END: Final = ".parquet"
_ID_BYTES: Final = 8


def count_for(rows: int, *, at_least: int = 1) -> int:
    """Return over how many shards so many rows are spread."""
    count = at_least
    while count < MOST and rows > count * MOST_ROWS:
        count *= 2
    return count


def number_of(lead_id: str, count: int) -> int:
    """Return in which of so many shards a lead is."""
    return LETTERS.index(lead_id[-1]) % count


def number_in_sql(count: int) -> str:
    """Return the same in SQL."""
    return f"(strpos('{LETTERS}', right(lead_id, 1)) - 1) % {count:d}"


def write(connection: "DuckDBPyConnection", query: str, path: Path) -> int:
    """Write what a query finds as a file on this disk, and return how many rows that are."""
    connection.execute(
        f"COPY (SELECT {merging.COLUMNS} FROM ({query}) ORDER BY lead_id) "  # noqa: S608 - no text of a caller
        f"TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
    )
    row = connection.execute("SELECT count(*) FROM read_parquet($1)", [str(path)]).fetchone()
    return 0 if row is None else int(row[0])


def upload(tenant_id: str, path: Path, *, generation: int, number: int, rows: int) -> Shard:
    """Upload a file under a key that nobody else has, and return the shard. Raises Unavailable."""
    name = f"{generation:08d}-{number:02d}-{secrets.token_hex(_ID_BYTES)}{_END}"
    key = folders.shards(tenant_id) + name
    return Shard(key, files.put_once(key, path.read_bytes(), media_type=_MEDIA_TYPE), rows)


def generation_of(tenant_id: str, key: str) -> int:
    """Return for which generation a file was written."""
    return int(key.removeprefix(folders.shards(tenant_id)).partition("-")[0])


def number_in(tenant_id: str, key: str) -> int:
    """Return the number of the shard that a file has."""
    return int(key.removeprefix(folders.shards(tenant_id)).split("-")[1])
