"""DuckDB as the compactor has it: it reads and writes one folder of its own, and nothing can widen that."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_HARDENED: Final[dict[str, Any]] = {
    "allow_community_extensions": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "memory_limit": "1200MB",
    "preserve_insertion_order": False,
    "python_enable_replacements": False,
}


def opened(folder: Path) -> "DuckDBPyConnection":
    """Return a new database in memory that reads and writes files of this folder, and nothing else anywhere."""
    import duckdb  # noqa: PLC0415 - for a cold start: most messages find nothing to fold

    connection = duckdb.connect(config=_HARDENED)
    # The folders come first: once access is closed, none can be added. The lock comes last.
    connection.execute(f"SET temp_directory = '{folder}/spilled'")
    connection.execute(f"SET allowed_directories = ['{folder}/']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
