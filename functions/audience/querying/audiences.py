"""The leads of a tenant as its files have them, open for questions in DuckDB.

One is open at a time: the database of the tenant before is closed, with all that it holds, before the next is opened.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from functions.audience.files import merging, reading
from functions.audience.files.reading import Snapshot
from functions.audience.querying import copies, engine
from functions.audience.querying.order import Order, Place
from functions.audience.segments.matching import Counted
from functions.audience.segments.rules import query
from functions.audience.segments.rules.form import Node
from functions.audience.segments.rules.query import Condition
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.storage import files

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TRIES: Final = 3
_AT_ONCE: Final = 10_000


class Version(NamedTuple):
    """Which version of a lead files have, and whether they know it as gone."""

    version: int
    is_gone: bool


class Audience(NamedTuple):
    """The leads of a tenant in one state of its files. `number` is how many there are."""

    tenant_id: str
    snapshot: Snapshot
    connection: "DuckDBPyConnection"
    number: int

    def lag_seconds(self, now: Instant) -> int:
        """Return how much older than `now` the leads may be."""
        return max(0, now - self.snapshot.as_of) // SECOND

    def counted(self, node: Node, *, shown: int) -> Counted:
        """Return how many leads match, and the ids of the newest of them."""
        where = query.of(node)
        rows = self._asked(
            f"SELECT count(*), max(lead_id, {shown:d}) FROM leads WHERE {where.sql}",  # noqa: S608 - parameters
            where.parameters,
        )
        (number, sample), *_ = rows
        return Counted(number, sample or [])

    def ids_after(self, node: Node, after: str, *, limit: int) -> list[str]:
        """Return the ids of leads that match and come after this id, in their order."""
        where = query.of(node)
        parameters = [*where.parameters, after]
        rows = self._asked(
            f"SELECT lead_id FROM leads WHERE {where.sql} AND lead_id > ${len(parameters)} "  # noqa: S608 - parameters
            f"ORDER BY lead_id LIMIT {limit:d}",
            parameters,
        )
        return [lead_id for (lead_id,) in rows]

    def places(self, node: Node, order: Order, after: Place | None, *, limit: int) -> list[Place]:
        """Return the places of leads that match in an order, behind a place."""
        where = query.of(node)
        behind = Condition("true", []) if after is None else order.behind(after, first=len(where.parameters) + 1)
        rows = self._asked(
            f"SELECT {order.column}, lead_id FROM leads WHERE {where.sql} AND {behind.sql} "  # noqa: S608 - parameters
            f"ORDER BY {order.sql} LIMIT {limit:d}",
            [*where.parameters, *behind.parameters],
        )
        return [Place(*row) for row in rows]

    def every_id(self, node: Node, *, after: str = "") -> Iterator[str]:
        """Yield the ids of all leads that match and come behind an id, in their order."""
        where = query.of(node)
        parameters = [*where.parameters, after]
        # A cursor of its own: another question may be asked before the last id was taken.
        found = self.connection.cursor().execute(
            f"SELECT lead_id FROM leads WHERE {where.sql} AND lead_id > ${len(parameters)} "  # noqa: S608 - parameters
            "ORDER BY lead_id",
            parameters,
        )
        while rows := found.fetchmany(_AT_ONCE):
            yield from (lead_id for (lead_id,) in rows)

    def every_address(self, node: Node, address: str) -> Iterator[tuple[str, str | None]]:
        """Yield the ids of all leads that match, in their order, each with what this SQL of our own says of it."""
        where = query.of(node)
        found = self.connection.cursor().execute(
            f"SELECT lead_id, {address} FROM leads WHERE {where.sql} ORDER BY lead_id",  # noqa: S608 - parameters
            where.parameters,
        )
        while rows := found.fetchmany(_AT_ONCE):
            yield from rows

    def versions(self, after: str, last: str | None) -> dict[str, Version]:
        """Return the versions of the leads behind an id, up to another or to the end; those that are gone too."""
        until = "true" if last is None else "lead_id <= $2"
        parameters = [after] if last is None else [after, last]
        return self._versions(f"lead_id > $1 AND {until}", parameters)

    def versions_of(self, lead_ids: Sequence[str]) -> dict[str, Version]:
        """Return the versions of these leads, as far as files know them."""
        return self._versions("lead_id IN (SELECT unnest($1))", [[*lead_ids]])

    def _versions(self, where: str, parameters: Sequence[Any]) -> dict[str, Version]:
        rows = self._asked(f"SELECT lead_id, version, is_gone FROM versions WHERE {where}", parameters)  # noqa: S608 - as above
        return {lead_id: Version(version, is_gone) for lead_id, version, is_gone in rows}

    def _asked(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, parameters).fetchall()


_opened: list[Audience] = []


def of(tenant_id: str) -> Audience | None:
    """Return the leads of a tenant as its files have them now, None if it has no files.

    Raises copies.LeadsTooLarge, Unavailable.
    """
    for _ in range(_TRIES):
        snapshot = reading.published(tenant_id)
        if snapshot is None:
            return None
        for known in _opened:
            if (known.tenant_id, known.snapshot) == (tenant_id, snapshot):
                return known
        try:
            return opened(tenant_id, snapshot)
        except files.FileNotFound:
            # They have expired: the pointer names others by now.
            continue
    raise Unavailable("The files of your leads are being replaced. Repeat the request.")


def opened(tenant_id: str, snapshot: Snapshot) -> Audience:
    """Open one state of a tenant's files, in place of what was open before.

    Raises files.FileNotFound for one that has expired, copies.LeadsTooLarge, Unavailable.
    """
    _close()
    paths = copies.fetched(tenant_id, [*snapshot.shards, *snapshot.deltas])
    shards = len(snapshot.shards)
    connection = engine.opened(copies.folder_of(tenant_id))
    merging.show(connection, paths[:shards], paths[shards:])
    row = connection.execute("SELECT count(*) FROM leads").fetchone()
    audience = Audience(tenant_id, snapshot, connection, 0 if row is None else row[0])
    _opened.append(audience)
    return audience


def forget() -> None:
    """Close what is open, and remove all copies."""
    _close()
    copies.forget()


def _close() -> None:
    while _opened:
        _opened.pop().connection.close()
