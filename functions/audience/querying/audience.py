"""The leads of a tenant in one state of its files, and the questions about them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from functions.audience.files.reading import Snapshot
from functions.audience.querying.order import Order, Place
from functions.audience.querying.ports import Columns, Engine
from functions.audience.segments.matching import Counted
from functions.audience.segments.rules import query
from functions.audience.segments.rules.form import Node
from functions.audience.segments.rules.query import Condition
from shared.clock import SECOND, Instant

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE: Final = 10_000
_IDS: Final[Columns] = {"lead_id": "VARCHAR"}


class Version(NamedTuple):
    """Which version of a lead files have, and whether they know it as gone."""

    version: int
    is_gone: bool


class Audience(NamedTuple):
    """The leads of a tenant in one state of its files, which an engine reads. `number` is how many there are.

    `connection` is a database of this function, in which answers are.
    """

    tenant_id: str
    snapshot: Snapshot
    connection: "DuckDBPyConnection"
    number: int
    engine: Engine

    def lag_seconds(self, now: Instant) -> int:
        """Return how much older than `now` the leads may be."""
        return max(0, now - self.snapshot.as_of) // SECOND

    def counted(self, node: Node, *, shown: int) -> Counted:
        """Return how many leads match, and the ids of the newest of them."""
        where = self._where(node)
        newest = self.engine.dialect.joined(f"max(lead_id, {shown:d})")
        ((number, sample),) = self._asked(
            f"SELECT count(*) AS number, {newest} AS sample FROM leads WHERE {where.sql}",  # noqa: S608 - parameters
            where.parameters,
            {"number": "BIGINT", "sample": "VARCHAR"},
        )
        return Counted(number, (sample or "").split())

    def ids_after(self, node: Node, after: str, *, limit: int) -> list[str]:
        """Return the ids of leads that match and come after this id, in their order."""
        asked = self._ids_behind(node, after)
        rows = self._asked(f"{asked.sql} ORDER BY lead_id LIMIT {limit:d}", asked.parameters, _IDS)
        return [lead_id for (lead_id,) in rows]

    def places(self, node: Node, order: Order, after: Place | None, *, limit: int) -> list[Place]:
        """Return the places of leads that match in an order, behind a place."""
        where = self._where(node)
        behind = Condition("true", []) if after is None else order.behind(after, first=len(where.parameters) + 1)
        rows = self._asked(
            f"SELECT {order.column}, lead_id FROM leads WHERE {where.sql} AND {behind.sql} "  # noqa: S608 - parameters
            f"ORDER BY {order.sql} LIMIT {limit:d}",
            [*where.parameters, *behind.parameters],
            {order.column: order.kind, **_IDS},
        )
        return [Place(*row) for row in rows]

    def every_id(self, node: Node, *, after: str = "") -> Iterator[str]:
        """Yield the ids of all leads that match and come behind an id, in their order."""
        asked = self._ids_behind(node, after)
        for (lead_id,) in self._streamed(f"{asked.sql} ORDER BY lead_id", asked.parameters, _IDS):
            yield lead_id

    def every_address(self, node: Node, address: str) -> Iterator[tuple[str, str | None]]:
        """Yield the ids of all leads that match, in their order, each with what this SQL of our own says of it."""
        where = self._where(node)
        return self._streamed(
            f"SELECT lead_id, {address} AS address FROM leads WHERE {where.sql} ORDER BY lead_id",  # noqa: S608
            where.parameters,
            {**_IDS, "address": "VARCHAR"},
        )

    def select(self, node: Node, into: str) -> None:
        """Make a table of this name, in place of the one before, of the ids of all leads that match."""
        where = self._where(node)
        answer = self.engine.answer(f"SELECT lead_id FROM leads WHERE {where.sql}", where.parameters, _IDS)  # noqa: S608
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {answer.sql}", answer.parameters)

    def versions(self, after: str, last: str | None) -> dict[str, Version]:
        """Return the versions of the leads behind an id, up to another or to the end; those that are gone too."""
        until = "true" if last is None else "lead_id <= $2"
        parameters = [after] if last is None else [after, last]
        return self._versions(f"lead_id > $1 AND {until}", parameters)

    def versions_of(self, lead_ids: Sequence[str]) -> dict[str, Version]:
        """Return the versions of these leads, as far as files know them."""
        if not lead_ids:
            return {}
        return self._versions("lead_id IN (SELECT wanted FROM UNNEST($1) AS ids (wanted))", [[*lead_ids]])

    def _versions(self, where: str, parameters: Sequence[Any]) -> dict[str, Version]:
        rows = self._asked(
            f"SELECT lead_id, version, is_gone FROM versions WHERE {where}",  # noqa: S608 - as above
            parameters,
            {**_IDS, "version": "BIGINT", "is_gone": "BOOLEAN"},
        )
        return {lead_id: Version(version, is_gone) for lead_id, version, is_gone in rows}

    def _where(self, node: Node) -> Condition:
        return query.of(node, self.engine.dialect)

    def _ids_behind(self, node: Node, after: str) -> Condition:
        where = self._where(node)
        parameters = [*where.parameters, after]
        sql = f"SELECT lead_id FROM leads WHERE {where.sql} AND lead_id > ${len(parameters)}"  # noqa: S608 - parameters
        return Condition(sql, parameters)

    def _asked(self, sql: str, parameters: Sequence[Any], columns: Columns) -> list[tuple[Any, ...]]:
        return self.connection.execute(*self.engine.answer(sql, parameters, columns)).fetchall()

    def _streamed(self, sql: str, parameters: Sequence[Any], columns: Columns) -> Iterator[tuple[Any, ...]]:
        # A cursor of its own: another question may be asked before the last row was taken.
        found = self.connection.cursor().execute(*self.engine.answer(sql, parameters, columns))
        while rows := found.fetchmany(_AT_ONCE):
            yield from rows
