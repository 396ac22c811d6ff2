"""What waits for the caller: their approvals, and what other contexts ask of them; one query a page."""

from typing import Any

from functions.projects.delegation import authority
from shared import clock
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table
from shared.teamwork import worklist
from shared.teamwork.worklist import WorkEntry

View = dict[str, Any]

_TOLD = ("kind", "work_id", "title", "name", "project_id", "project_milestone_id", "due_at", "created_at")


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of what waits for the caller, what is due first first; one query. Raises Malformed."""
    found, next_cursor = worklist.page(caller.tenant_id, caller.user_id, limit=limit, cursor=cursor)
    return [view(each) for each in found], next_cursor


def page_for(caller: Caller, principal_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of what the caller may do in the place of somebody; a read, a query and a call.

    What they may not do there is left out, so a page may have fewer items than `limit` and be followed by another.
    Raises DelegationNotInForce, Malformed.
    """
    given = authority.given_to(caller, principal_id, clock.now())
    found, next_cursor = worklist.page(caller.tenant_id, principal_id, limit=limit, cursor=cursor)
    within = [
        each
        for each in found
        if each.kind == "approval"
        and not each.is_personal
        and caller.user_id not in each.kept_out
        and any(one.covers(each.project_id, each.project_milestone_id) for one in given)
    ]
    own = [project_members.key(caller.tenant_id, each.project_id or "", caller.user_id) for each in within]
    pairs = zip(within, table.get_many(own) if own else [], strict=True)
    return [view(each) for each, member in pairs if member is not None], next_cursor


def view(entry: WorkEntry) -> View:
    """Return what the person sees of an entry."""
    return {name: getattr(entry, name) for name in _TOLD}
