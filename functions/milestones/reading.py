"""What a caller can look at: milestones one by one, in lists and as an export, and how far a project is."""

from collections.abc import Callable
from typing import Any, Final

from functions.milestones import milestones, standing, views
from functions.milestones.report import OPEN, STATUSES
from functions.milestones.views import View
from shared import clock, cursors, wording
from shared.attributes import Item
from shared.auth import Caller
from shared.errors import NotFound


class ProjectNotFound(NotFound):
    """404: no tracked milestone of your tenant is of this project."""

    def __init__(self) -> None:
        super().__init__("No tracked milestone of your tenant is of this project.")


Listed = tuple[list[View], str | None]

MOST_LOOKED_AT: Final = 1000
"""How many entries a request looks at for a filter; what is found by then is a page, with a cursor to go on."""
_LOOKED_AT_ONCE: Final = 250


def milestone(caller: Caller, milestone_uid: str, *, consistent: bool = False) -> View:
    """Return a milestone; one read, and one more when it depends on others. Raises MilestoneNotFound."""
    return views.milestone(milestones.read(caller.tenant_id, milestone_uid, consistent=consistent))


def page(
    caller: Caller,
    *,
    project_id: str | None = None,
    status: str | None = None,
    kpi_id: str | None = None,
    limit: int,
    cursor: str | None,
) -> Listed:
    """Return a page of the milestones of the tenant, newest first, that are of this project, status and KPI.

    A filtered page may have fewer than `limit`, even none, and still be followed by another.
    """
    wanted = {name: value for name, value in (("status", status), ("kpi_id", kpi_id)) if value is not None}

    def matches(entry: Item) -> bool:
        return all(entry[name] == value for name, value in wanted.items())

    entries, next_cursor = _matching(caller, project_id, matches if wanted else None, limit=limit, cursor=cursor)
    found = milestones.of_entries(caller.tenant_id, entries)
    # The index, or an entry read a moment before its milestone, may be behind.
    shown = [each for each in found if status is None or each.status == status]
    return views.all_of(shown), next_cursor


def project_progress(caller: Caller, project_id: str) -> View:
    """Return how far a project is; one query per MB of entries, which is some 2,000 milestones.

    Raises ProjectNotFound for one that has no milestones.
    """
    entries = project_entries(caller.tenant_id, project_id)
    if not entries:
        raise ProjectNotFound
    statuses = {entry["milestone_uid"]: entry["status"] for entry in entries}
    blocked = [
        entry["milestone_uid"]
        for entry in entries
        if entry["status"] in OPEN and any(statuses.get(uid, "completed") != "completed" for uid in entry["depends_on"])
    ]
    return {
        "project_id": project_id,
        "total": len(entries),
        "counts": {status: sum(found == status for found in statuses.values()) for status in STATUSES},
        "weighted_progress": standing.of(entries).progress,
        "weighted_progress_text": wording.percent(standing.exact_progress(entries)),
        "next_due": _next_due(entries),
        "blocked": sorted(blocked),
        "as_of": clock.to_rfc3339(clock.now()),
    }


def project_entries(tenant_id: str, project_id: str) -> list[Item]:
    """Return the entries of all milestones of a project, newest first; one query per MB of them."""
    entries, cursor = milestones.entries(tenant_id, project_id, limit=_A_MB_OF_ENTRIES, cursor=None)
    while cursor is not None:
        more, cursor = milestones.entries(tenant_id, project_id, limit=_A_MB_OF_ENTRIES, cursor=cursor)
        entries += more
    return entries


_A_MB_OF_ENTRIES: Final = 2000


def _next_due(entries: list[Item]) -> dict[str, Any] | None:
    """Return the open milestone whose time ends first, None without any."""
    ending = [entry for entry in entries if entry["status"] in OPEN and entry["timeframe_to"] is not None]
    if not ending:
        return None
    first = min(ending, key=lambda entry: (entry["timeframe_to"], entry["milestone_uid"]))
    last_day = first["timeframe_to"]
    return {
        "milestone_uid": first["milestone_uid"],
        "timeframe_to": last_day,
        "timeframe_to_text": views.day_text(last_day),
    }


def _matching(
    caller: Caller, project_id: str | None, matches: Callable[[Item], bool] | None, *, limit: int, cursor: str | None
) -> tuple[list[Item], str | None]:
    """Return a page of the entries that match, and where to go on."""
    if matches is None:
        return milestones.entries(caller.tenant_id, project_id, limit=limit, cursor=cursor)
    found: list[Item] = []
    for _ in range(MOST_LOOKED_AT // _LOOKED_AT_ONCE):
        entries, next_cursor = milestones.entries(caller.tenant_id, project_id, limit=_LOOKED_AT_ONCE, cursor=cursor)
        for entry in entries:
            found += [entry] if matches(entry) else []
            if len(found) == limit:
                is_last = entry is entries[-1] and next_cursor is None
                return found, None if is_last else cursors.after(entry, index=project_id is not None)
        cursor = next_cursor
        if cursor is None:
            break
    return found, cursor
