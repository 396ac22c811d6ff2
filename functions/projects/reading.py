"""What a caller can look at of projects: one by one, and in lists."""

from functions.projects import projects, totals
from functions.projects.people import access, members
from functions.projects.projects import View
from shared.callers.caller import Caller
from shared.storage import table


def project(caller: Caller, project_id: str) -> View:
    """Return a project with its totals; one call. Raises ProjectNotFound."""
    counter = totals.key(caller.tenant_id, project_id)
    opened = access.open_project(caller, project_id, also=[counter], consistent=False)
    return projects.view(opened.project) | totals.view(opened.others[0])


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the projects that the caller is a member of, the newest membership first; one query.

    Memberships of other tenants lie beside theirs, and are left out. Raises Malformed for a foreign cursor.
    """
    mine = members.of_user(caller.user_id)
    found = table.query(mine, members.LISTED, index=True, newest_first=True, limit=limit, cursor=cursor)
    mine_here = [each for each in map(members.from_item, found.items) if each.tenant_id == caller.tenant_id]
    return [projects.listed_view(each.project) for each in mine_here if each.project], found.next_cursor


def page_of_tenant(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of all projects of a tenant, the newest first; one query. Raises Malformed."""
    found, next_cursor = projects.listed(tenant_id, limit=limit, cursor=cursor)
    return [projects.listed_view(projects.copied(each, each.counted)) for each in found], next_cursor
