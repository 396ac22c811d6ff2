"""What a caller can look at of milestones: one by one, in the list of a project, and what happened to one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from functions.projects import arrivals
from functions.projects.milestones import entries, happenings, milestones, opening, views
from functions.projects.milestones.transition import Status
from functions.projects.milestones.views import View
from functions.projects.people import access, members, owners
from functions.projects.people.access import RoleRequired
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.errors import InvalidInput
from shared.storage import cursors, table
from shared.storage.attributes import Item
from shared.storage.table import Page

Listed = tuple[list[View], str | None]

_LOOKED_AT_ONCE: Final = 500
_LOOKS: Final = 4


def milestone(caller: Caller, milestone_id: str) -> View:
    """Return a milestone; two calls. Raises ProjectMilestoneNotFound."""
    opened = opening.milestone(caller, milestone_id, consistent=False)
    found = opened.milestone
    waiting_for = opened.waiting_for(found)
    return views.milestone(
        found, opened.standing, opened.primary, opened.counts, waiting_for=waiting_for, source=opened.source
    )


def page(
    caller: Caller, project_id: str, wanted: Mapping[str, str | None], *, limit: int, cursor: str | None
) -> Listed:
    """Return a page of the milestones of a project, the oldest first, that have the values wanted.

    A page may have fewer than `limit`, even none, and still be followed by another: if it is filtered, or while a plan
    arrives in the project.
    Raises ProjectNotFound, Malformed.
    """
    access.open_project(caller, project_id, consistent=False)
    filters = {name: value for name, value in wanted.items() if value is not None}
    if not filters:
        found = entries.page(caller.tenant_id, project_id, limit=limit, cursor=cursor)
        return [entries.view(item) for item in found.items], found.next_cursor
    return _filtered(caller.tenant_id, project_id, filters, limit=limit, cursor=cursor)


def page_of_owner(caller: Caller, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the milestones that the caller owns, by due date; a query and two calls. Raises Malformed.

    Those of projects that the caller is not a member of any more are left out.
    """
    mine = members.of_user(caller.user_id)

    def read() -> Page:
        found = table.query(mine, owners.LISTED, index=True, limit=limit, cursor=cursor)
        keys = [milestones.key(caller.tenant_id, item["project_milestone_id"]) for item in found.items]
        items = table.get_many(keys) if keys else []
        return Page([item for item in items if item is not None], found.next_cursor)

    found = arrivals.shown(caller.tenant_id, read)
    owned = [milestones.from_item(item) for item in found.items]
    own = [project_members.key(caller.tenant_id, each.project_id, caller.user_id) for each in owned]
    pairs = zip(owned, table.get_many(own) if own else [], strict=True)
    seen = [each for each, member in pairs if access.of_member(caller, member) is not None]
    return [entries.view(entries.to_item(each)) for each in seen], found.next_cursor


def page_of_tenant(caller: Caller, status: Status, due_before: str | None, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the milestones of a tenant in a status, by due date; one query, for admins of the tenant.

    Those without a due date come last. Raises RoleRequired, InvalidInput, Malformed.
    """
    if project_members.ADMIN not in caller.scopes:
        raise RoleRequired("an admin of the tenant")
    if due_before is not None:
        require_day(due_before)
    place = entries.by_status(caller.tenant_id, status)

    def read() -> Page:
        return table.query(place, entries.LISTED, index=True, limit=limit, cursor=cursor)

    found = arrivals.shown(caller.tenant_id, read)
    shown = [entries.view(item) for item in found.items]
    if due_before is None:
        return shown, found.next_cursor
    due = [each for each in shown if each["due_on"] is not None and each["due_on"] < due_before]
    return due, found.next_cursor if len(due) == len(shown) else None


def history(caller: Caller, milestone_id: str, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of what happened to a milestone, the newest first. Raises ProjectMilestoneNotFound, Malformed."""
    opening.milestone(caller, milestone_id, consistent=False)
    place = milestones.history(caller.tenant_id, milestone_id)
    found = table.query(place, happenings.PREFIX, limit=limit, cursor=cursor, newest_first=True)
    return [happenings.view(item) for item in found.items], found.next_cursor


def require_day(text: str) -> None:
    """Require that a text is a day. Raises InvalidInput."""
    try:
        is_day = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_day = False
    if not is_day:
        raise InvalidInput.of("due_before", "must be a day, such as 2027-01-31")


def _filtered(tenant_id: str, project_id: str, filters: Mapping[str, Any], *, limit: int, cursor: str | None) -> Listed:
    found: list[Item] = []
    for _ in range(_LOOKS):
        looked = entries.page(tenant_id, project_id, limit=_LOOKED_AT_ONCE, cursor=cursor)
        for item in looked.items:
            found += [item] if all(item.get(name) == value for name, value in filters.items()) else []
            if len(found) == limit:
                is_last = item is looked.items[-1] and looked.next_cursor is None
                return [entries.view(each) for each in found], None if is_last else cursors.after(item, index=False)
        cursor = looked.next_cursor
        if cursor is None:
            break
    return [entries.view(each) for each in found], cursor
