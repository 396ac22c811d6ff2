"""Points of a project: how it stood at the end of each day (UTC) on which one of its milestones changed.

A point is put whenever somebody has looked, and a look never takes the place of a later one of the same day. What was
seen stays as it was seen: no point is worked out again from what is there today.
"""

from typing import NamedTuple

from functions.milestones import milestones
from functions.milestones.projects.standing import Standing
from shared import clock
from shared.clock import DAY, Instant
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.table import ConditionFailed
from shared.storage.writes import Put, absent_or_before

_PREFIX = "POINT#"
# Some 180 bytes each: the daily points of ten years are one page of a query, which ends at 1 MB.
_PAGE = 4000


class Point(NamedTuple):
    """How a project stood at the last instant of a day."""

    at: Instant
    standing: Standing


def to_item(tenant_id: str, project_id: str, standing: Standing, *, day: str, seen_at: str) -> Item:
    """Return the item of the point of a day."""
    return {
        "PK": milestones.project_list(tenant_id, project_id),
        "SK": f"{_PREFIX}{day}",
        "entity": "ProjectPoint",
        # One text instead of seven numbers: three years of daily points are read in a third of the time.
        "standing": " ".join(map(repr, standing)),
        "seen_at": seen_at,
    }


def put(tenant_id: str, project_id: str, standing: Standing, *, day: str, seen_at: str, unless_seen_since: str) -> None:
    """Put the point of a day (YYYY-MM-DD), unless there is one that was seen since an instant; one write.

    Instants are RFC 3339 as they are stored.
    """
    item = to_item(tenant_id, project_id, standing, day=day, seen_at=seen_at)
    try:
        table.transact([Put(item, absent_or_before("seen_at", unless_seen_since))])
    except ConditionFailed:
        return


def history(tenant_id: str, project_id: str) -> list[Point]:
    """Return the points of a project in their order; one query."""
    partition = milestones.project_list(tenant_id, project_id)
    return [_from_item(item) for item in table.query_all(partition, _PREFIX, page=_PAGE)]


def _from_item(item: Item) -> Point:
    *counts, progress = item["standing"].split(" ")
    midnight = clock.from_rfc3339(f"{item['SK'].removeprefix(_PREFIX)}T00:00:00Z")
    return Point(midnight + DAY - 1, Standing._make([*map(int, counts), float(progress)]))
