"""Shards and deltas as one view of leads, in DuckDB.

Deltas have few rows and are read once, with what the shards have of the same leads. The shards themselves are read by
each question, and only the columns that it needs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from functions.audience.files import rows
from functions.audience.segments.rules import columns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

VIEW: Final = "leads"

COLUMNS: Final = ", ".join(rows.TYPES)
_LARGEST_ROW: Final = 16 * 1024 * 1024
"""DuckDB takes twice as much memory for each thread that reads; a row of this size has some 100,000 orders."""
_TYPES: Final = ", ".join(f"'{name}': '{its_type}'" for name, its_type in rows.TYPES.items())
_SHOWN: Final = ", ".join(columns.TYPES)
_MERGED: Final = """
WITH mixed AS (
    SELECT {columns} FROM {shards} SEMI JOIN {changes} USING (lead_id) UNION ALL SELECT {columns} FROM {changes}
), newest AS (
    SELECT * EXCLUDE (campaigns) FROM mixed
    QUALIFY row_number() OVER (PARTITION BY lead_id ORDER BY version DESC, is_gone DESC) = 1
), messages AS (
    SELECT lead_id, entry FROM (SELECT lead_id, unnest(map_entries(campaigns)) AS entry FROM mixed)
    QUALIFY row_number() OVER (
        PARTITION BY lead_id, entry.key ORDER BY entry.value.version DESC, entry.value.is_gone DESC
    ) = 1
), together AS (
    SELECT lead_id, map_from_entries(list(entry ORDER BY entry.key)) AS campaigns FROM messages GROUP BY lead_id
)
SELECT {columns} FROM newest LEFT JOIN together USING (lead_id)
"""


def show(connection: "DuckDBPyConnection", shards: Sequence[Path], deltas: Sequence[Path]) -> None:
    """Make the view `leads` of the leads that are there, over files on this disk.

    Its columns are those of `columns.TYPES`; messages have some members more. The view `versions` has all rows and
    all columns, those of leads that are gone too.
    """
    connection.execute(f"CREATE TABLE changes AS FROM {of_deltas(deltas)}")
    connection.execute(f"CREATE TABLE merged AS {merged(of_shards(shards), 'changes')}")
    connection.execute(
        f"CREATE VIEW versions AS SELECT {COLUMNS} FROM merged "  # noqa: S608 - no text of a caller
        f"UNION ALL SELECT {COLUMNS} FROM {of_shards(shards)} ANTI JOIN changes USING (lead_id)"
    )
    connection.execute(f"CREATE VIEW {VIEW} AS SELECT {_SHOWN} FROM versions WHERE NOT is_gone")  # noqa: S608 - as above


def merged(shards: str, changes: str) -> str:
    """Return the query for the rows of all leads that are in `changes`, merged with what `shards` have of them."""
    return _MERGED.format(columns=COLUMNS, shards=shards, changes=changes)


def of_shards(paths: Sequence[Path]) -> str:
    """Return the rows of shards as a table of SQL."""
    return f"read_parquet({_listed(paths)})" if paths else _none()


def of_deltas(paths: Sequence[Path]) -> str:
    """Return the rows of deltas as a table of SQL."""
    if not paths:
        return _none()
    return (
        f"read_json({_listed(paths)}, columns = {{{_TYPES}}}, format = 'newline_delimited', compression = 'gzip', "
        f"maximum_object_size = {_LARGEST_ROW})"
    )


def _none() -> str:
    nothing = ", ".join(f"CAST(NULL AS {its_type}) AS {name}" for name, its_type in rows.TYPES.items())
    return f"(SELECT {nothing} WHERE false)"


def _listed(paths: Sequence[Path]) -> str:
    """Return paths of our own as a list of SQL."""
    return "[" + ", ".join("'" + str(each).replace("'", "''") + "'" for each in paths) + "]"
