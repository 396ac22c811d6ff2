"""The copies of a project that lists are made of: each member has one, and the project has one of its totals.

So one query lists the projects of a user, or of a tenant, with how far they are. A copy is read before what it is a
copy of, and written if nobody has written it meanwhile: of two events at the same instant, the older never wins.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from functions.projects import projects, totals
from functions.projects.escalation_policies import policies
from functions.projects.people import members, teams
from shared.callers import project_members
from shared.storage import changes, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import Condition, Put, unchanged

_OF_MEMBER: Final = "project"
_OF_PROJECT: Final = "counted"


class Now(NamedTuple):
    """A project as it is stored, and what its members are to have of it."""

    item: Item
    copy: Mapping[str, Any]


def follow(tenant_id: str, project_id: str) -> None:
    """Give each member a copy of the project as it is now; without the project, nobody is a member any more."""
    joined = [*table.query_all(project_members.partition(tenant_id, project_id), project_members.PREFIX)]
    now = _read(tenant_id, project_id)
    if now is None:
        table.delete_many([members.key(members.from_item(item)) for item in joined])
        policies.remove_all(tenant_id, project_id)
        teams.remove_all(tenant_id, project_id)
        return

    def read() -> Now | None:
        return _read(tenant_id, project_id)

    for item in joined:
        _copy(members.key(members.from_item(item)), item, _OF_MEMBER, now, lambda each: each.copy, read)
    # Last, so that a run that breaks off finds out by it that members are behind.
    _copy(projects.key(tenant_id, project_id), now.item, _OF_PROJECT, now, lambda each: each.copy[_OF_PROJECT], read)


def follow_progress(tenant_id: str, project_id: str) -> None:
    """Do the same if the totals of the project have changed since; one call if they have not."""
    now = _read(tenant_id, project_id)
    if now is not None and now.item.get(_OF_PROJECT) != now.copy[_OF_PROJECT]:
        follow(tenant_id, project_id)


def _read(tenant_id: str, project_id: str) -> Now | None:
    """Return a project and what is to be copied of it now, None if it is gone; one call."""
    keys = [projects.key(tenant_id, project_id), totals.key(tenant_id, project_id)]
    item, counted = table.get_many(keys, consistent=True)
    return None if item is None else Now(item, projects.copied(projects.from_item(item), totals.copied(counted)))


def _copy(
    place: Key, found: Item, name: str, read: Now, of: Callable[[Now], Any], read_again: Callable[[], Now | None]
) -> None:
    """Bring one copy up to date, the attribute of this name; nothing is written that is there."""
    first: list[tuple[Item | None, Now | None]] = [(found, read)]

    def plan() -> Plan[None]:
        item, now = first.pop() if first else (table.get(place, consistent=True), read_again())
        if item is None or now is None or item.get(name) == of(now):
            return Plan(None)
        return Plan(None, [Put({**item, name: of(now)}, _as_read(item, name))])

    changes.make(plan)


def _as_read(item: Item, name: str) -> Condition:
    """Return the condition that an item, and the copy in it, are as they were read; a copy is no new version."""
    same, copy = unchanged(item["version"]), item.get(name)
    names = {**same.names, "#copy": name}
    if copy is None:
        return Condition(f"{same.expression} AND attribute_not_exists(#copy)", names, same.values)
    return Condition(f"{same.expression} AND #copy = :copy", names, {**same.values, ":copy": copy})
