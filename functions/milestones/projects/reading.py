"""How far a project is, read from its milestones."""

from typing import Any, Final

from functions.milestones import milestones, views
from functions.milestones.projects import standing
from functions.milestones.report import OPEN, STATUSES
from functions.milestones.views import View
from shared import clock, wording
from shared.callers import project_members
from shared.callers.auth import Caller
from shared.callers.project_members import ProjectNotFound
from shared.storage.attributes import Item


def project_progress(caller: Caller, project_id: str) -> View:
    """Return how far a project is; one query per MB of entries, which is some 2,000 milestones.

    Raises ProjectNotFound for one that has no milestones, and for one with members that the caller is not one of.
    """
    project_members.require_visible(caller, project_id)
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
