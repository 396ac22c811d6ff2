"""Leads in DuckDB, hardened as a function has it, and who of them a rule matches."""

import contextlib
from collections.abc import Iterator, Sequence

import duckdb

from functions.audience.segments.rules import columns, query
from functions.audience.segments.rules.facts import Facts
from functions.audience.segments.rules.form import Node

_HARDENED = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "lock_configuration": True,
    "threads": 1,
}


class Duck:
    """A database of leads."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def load(self, leads: Sequence[Facts]) -> None:
        """Load leads in place of those that are there."""
        rows = [list(columns.row(each).values()) for each in leads]
        names = ", ".join(f"{name} {its_type}" for name, its_type in columns.TYPES.items())
        values = ", ".join(f"CAST(? AS {its_type})" for its_type in columns.TYPES.values())
        self.connection.execute(f"CREATE OR REPLACE TABLE leads ({names})")
        self.connection.executemany(f"INSERT INTO leads VALUES ({values})", rows)  # noqa: S608 - types, not texts

    def matching(self, node: Node) -> list[str]:
        """Return the ids of the leads that match."""
        condition = query.of(node)
        found = self.connection.execute(
            f"SELECT lead_id FROM leads WHERE {condition.sql} ORDER BY rowid",  # noqa: S608 - what is tested
            condition.parameters,
        )
        return [lead_id for (lead_id,) in found.fetchall()]


@contextlib.contextmanager
def opened() -> Iterator[Duck]:
    """Open a database in memory."""
    with duckdb.connect(config=_HARDENED) as connection:
        yield Duck(connection)
