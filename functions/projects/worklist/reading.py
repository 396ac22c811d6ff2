"""What waits for the caller: their approvals, and what other contexts ask of them; one query a page."""

from typing import Any

from shared.callers.caller import Caller
from shared.teamwork import worklist
from shared.teamwork.worklist import WorkEntry

View = dict[str, Any]

_TOLD = ("kind", "work_id", "title", "name", "project_id", "project_milestone_id", "due_at", "created_at")


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of what waits for the caller, what is due first first; one query. Raises Malformed."""
    found, next_cursor = worklist.page(caller.tenant_id, caller.user_id, limit=limit, cursor=cursor)
    return [view(each) for each in found], next_cursor


def view(entry: WorkEntry) -> View:
    """Return what the person sees of an entry."""
    return {name: getattr(entry, name) for name in _TOLD}
