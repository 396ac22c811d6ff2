"""DuckDB as a query has it: one tenant's folder is all that it can read, and nothing can widen that.

Texts of callers reach it as parameters only; should one ever reach it as SQL, there is nothing else to be found.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from functions.audience.querying.ports import Columns
from functions.audience.segments.rules.dialects import DUCKDB
from functions.audience.segments.rules.query import Condition

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY: Final = "400MB"
"""What a query may hold at once; the widest rule over a million leads needs a fraction of it."""

_HARDENED: Final[dict[str, Any]] = {
    "allow_community_extensions": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "memory_limit": MEMORY,
    "python_enable_replacements": False,
    # Nothing is written beside the files: what does not fit into memory is refused.
    "temp_directory": "",
}


class Embedded:
    """The engine of files that are here: the database itself, whose views are over their copies."""

    dialect = DUCKDB

    def answer(self, sql: str, parameters: Sequence[Any], columns: Columns) -> Condition:  # noqa: ARG002 - as asked
        """Return the question: its SQL shows the answer."""
        return Condition(sql, parameters)


def opened(folder: Path) -> "DuckDBPyConnection":
    """Return a new database in memory that reads the files of this folder, and nothing else anywhere."""
    import duckdb  # noqa: PLC0415 - for a cold start: no request waits for it that the table answers

    connection = duckdb.connect(config=_HARDENED | {"threads": os.cpu_count() or 1})
    # The folders come first: once access is closed, none can be added. The lock comes last.
    connection.execute(f"SET allowed_directories = [{quoted(f'{folder}/')}]")
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def quoted(text: str) -> str:
    """Return a text of our own as SQL, for the few places that take no parameter."""
    return "'" + text.replace("'", "''") + "'"
