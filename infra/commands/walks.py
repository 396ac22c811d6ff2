"""Walking all tenants of a stage: for commands that may be stopped, and go on where they were.

A walk keeps its place in the table. Run again within a day, it goes on with the tenants it was at; a place that is
older is forgotten, for a run that was given up long ago would hide the tenants before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from functions.identity.accounts import tenants
from shared import clock
from shared.storage import table
from shared.storage.attributes import Key

TENANTS_AT_ONCE = 25
_LONG_AGO: Final = "1970-01-01T00:00:00Z"
"""Runs of earlier versions say no instant."""


class Place(NamedTuple):
    """Where in the list of all tenants a run begins, and when it was there; no instant if nothing was done yet.

    `within` is where it was in the tenant it was at, as the command says it; None for its beginning.
    """

    shard: int
    cursor: str | None = None
    at: str | None = None
    tenant_id: str | None = None
    within: str | None = None


FIRST: Final = Place(0)


@dataclass
class Walk:
    """A walk from a place on, over all tenants or `only` one; its key is that of the item that has its place."""

    key: Key
    entity: str
    place: Place = FIRST
    only: str | None = None

    def __post_init__(self) -> None:
        """Remember where it begins."""
        self._begin = self.place

    def tenants(self) -> Iterator[str]:
        """Yield the tenants that are left; when all are done, the place is forgotten."""
        for shard, cursor, found in [(0, None, [self.only])] if self.only else self._pages():
            for tenant_id in found:
                self.place = Place(shard, cursor, tenant_id=tenant_id)
                yield tenant_id
        table.delete_many([self.key])

    def within(self, tenant_id: str) -> str | None:
        """Return where in a tenant the run before was."""
        return self._begin.within if tenant_id == self._begin.tenant_id else None

    def keep(self, within: str) -> None:
        """Remember where in the tenant this run is."""
        self._remember(self.place._replace(within=within))

    def told(self) -> str:
        """Say where a run begins."""
        place = self._begin
        if place.at is None:
            return "begins with the first " + ("tenants" if self.only is None else "subjects")
        part = f"part {place.shard + 1} of {tenants.SHARDS} of the tenants" if self.only is None else "the tenant"
        return f"goes on in {part}, where a run stopped at {place.at}; --anew begins with the first"

    def _pages(self) -> Iterator[tuple[int, str | None, list[str]]]:
        """Yield the pages of the list, each with its place; of the first one, what lies behind the place."""
        first = self._begin
        for shard in range(first.shard, tenants.SHARDS):
            cursor = first.cursor if shard == first.shard else None
            while True:
                is_first = (shard, cursor) == (first.shard, first.cursor)
                self._remember(first if is_first else Place(shard, cursor))
                found, further = tenants.listed(shard, limit=TENANTS_AT_ONCE, cursor=cursor)
                left = [each for each in found if not is_first or each >= (first.tenant_id or "")]
                yield shard, cursor, left
                if further is None:
                    break
                cursor = further

    def _remember(self, place: Place) -> None:
        place = place._replace(at=clock.to_rfc3339(clock.now()))
        item: dict[str, Any] = {"PK": self.key.pk, "SK": self.key.sk, "entity": self.entity}
        table.put_many([item | {name: value for name, value in place._asdict().items() if value is not None}])


def stopped_at(key: Key) -> Place:
    """Return where a run of the last day has stopped; the first place without one."""
    found = table.get(key, consistent=True)
    if found is None or clock.from_rfc3339(found.get("at", _LONG_AGO)) < clock.now() - clock.DAY:
        return FIRST
    return Place(int(found["shard"]), *(found.get(name) for name in Place._fields[1:]))
