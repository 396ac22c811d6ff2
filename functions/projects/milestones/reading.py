"""What a caller can look at of milestones: one by one, in the list of a project, and what happened to one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from functions.projects import arrivals
from functions.projects.milestones import entries, happenings, milestones, opening, transition, views
from functions.projects.milestones.transition import Status
from functions.projects.milestones.views import View
from functions.projects.people import access, members, owners
from functions.projects.people.access import RoleRequired, Standing
from shared import clock, ids
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.errors import InvalidInput
from shared.storage import cursors, table
from shared.storage.attributes import Item
from shared.storage.table import Page

Listed = tuple[list[View], str | None]

_LOOKED_AT_ONCE: Final = 500
_LOOKS: Final = 4
_ME: Final = "me"


def milestone(caller: Caller, milestone_id: str) -> View:
    """Return a milestone; two calls. Raises ProjectMilestoneNotFound."""
    opened = opening.milestone(caller, milestone_id, consistent=False)
    return views.milestone(opened.milestone, opened, clock.now())


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
    if "owner" in filters:
        filters["primary_owner_id"] = _owner(caller, filters.pop("owner"))
    if not filters:
        found = entries.page(caller.tenant_id, project_id, limit=limit, cursor=cursor)
        return [entries.view(item) for item in found.items], found.next_cursor
    return _filtered(caller.tenant_id, project_id, filters, limit=limit, cursor=cursor)


def page_of_owner(caller: Caller, wanted: Mapping[str, str | None], *, limit: int, cursor: str | None) -> Listed:
    """Return a page of the open milestones that somebody owns, by due date; a query, and one call for their entries.

    `wanted` has the `owner`, the caller unless it says otherwise, a `status`, and the day that they are `due_before`.
    Those of projects that the caller may not see are left out. Raises RoleRequired, InvalidInput, Malformed.
    """
    owner_id, due_before = _owner(caller, wanted["owner"]), wanted["due_before"]
    is_team = ids.is_valid(owner_id, owners.TEAM)
    if not is_team and owner_id != caller.user_id and project_members.ADMIN not in caller.scopes:
        raise RoleRequired("an admin of the tenant")
    if due_before is not None:
        require_day(due_before)
    place = owners.of_team(caller.tenant_id, owner_id) if is_team else members.of_user(owner_id)
    standings = dict[str, Standing | None]()

    def read() -> Page:
        listed = table.query(place, owners.LISTED, index=True, limit=limit, cursor=cursor)
        found = entries.until(due_before, owners.LISTED, listed)
        rows = [owners.from_item(item) for item in found.items if owners.lies_in_tenant(item, caller.tenant_id)]
        shown = [entries.place(caller.tenant_id, each.project_id, each.project_milestone_id) for each in rows]
        projects = [*{each.project_id: None for each in rows}]
        own = [project_members.key(caller.tenant_id, each, caller.user_id) for each in projects]
        items = table.get_many([*shown, *own]) if rows else []
        standings.update(zip(projects, [access.of_member(caller, each) for each in items[len(shown) :]], strict=True))
        return Page([item for item in items[: len(shown)] if item is not None], found.next_cursor)

    found = arrivals.shown(caller.tenant_id, read)
    status = wanted["status"]
    mine = [each for each in map(entries.view, found.items) if each["status"] not in transition.FINAL]
    seen = [each for each in mine if standings[each["project_id"]] and status in (None, each["status"])]
    return seen, found.next_cursor


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
        listed = table.query(place, entries.LISTED, index=True, limit=limit, cursor=cursor)
        return entries.until(due_before, entries.LISTED, listed)

    found = arrivals.shown(caller.tenant_id, read)
    return [entries.view(item) for item in found.items], found.next_cursor


def history(caller: Caller, milestone_id: str, *, limit: int, cursor: str | None) -> Listed:
    """Return a page of what happened to a milestone, the newest first. Raises ProjectMilestoneNotFound, Malformed."""
    opening.milestone(caller, milestone_id, consistent=False)
    place = milestones.history(caller.tenant_id, milestone_id)
    found = table.query(place, happenings.PREFIX, limit=limit, cursor=cursor, newest_first=True)
    return [happenings.view(item) for item in found.items], found.next_cursor


def _owner(caller: Caller, owner: str | None) -> str:
    """Return the id of an owner that was asked for: the caller is `me`. Raises InvalidInput."""
    if owner in (None, _ME):
        return caller.user_id
    if not ids.is_valid(owner, "user") and not ids.is_valid(owner, owners.TEAM):
        raise InvalidInput.of("owner", "must be me, or the id of a user or a team")
    return owner


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
