"""What a caller can look at: milestones one by one, in lists and as an export, and how far a project is."""

from collections.abc import Callable
from typing import Final

from functions.milestones import milestones, views
from functions.milestones.views import View
from shared.callers.auth import Caller
from shared.storage import cursors
from shared.storage.attributes import Item

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
