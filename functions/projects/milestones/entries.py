"""A plan entry: a milestone in the list of its project, and in the tenant's lists by status and due date."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.projects import arrivals
from functions.projects.dependencies import graph
from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import Kind, Priority, ProjectMilestone
from functions.projects.milestones.transition import Status
from shared.callers import project_members
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.table import Page

View = dict[str, Any]

PREFIX: Final = graph.PREFIX
LISTED: Final = "ENTITY#PlanEntry#"
NO_DAY: Final = "9999-12-31"
"""Where milestones without a due date are listed."""


_IN_KEY: Final = ("project_milestone_id", "project_id")
"""What the key of an entry says; a project may have 2,000 of them, which one reads at once."""


class PlanEntry(NamedTuple):
    """What lists show of a milestone: no amount, no notes. `dependencies` make the graph of the project."""

    project_milestone_id: str
    project_id: str
    title: str
    kind: Kind
    priority: Priority
    status: Status
    progress: int
    weight: int
    version: int
    start_on: str | None = None
    due_on: str | None = None
    is_blocked: bool = False
    dependencies: Sequence[Mapping[str, Any]] = ()
    parent_id: str | None = None
    primary_owner_id: str | None = None


def key(milestone: ProjectMilestone) -> Key:
    """Return the key of the entry of a milestone."""
    return place(milestone.tenant_id, milestone.project_id, milestone.project_milestone_id)


def place(tenant_id: str, project_id: str, milestone_id: str) -> Key:
    """Return the key of the entry of the milestone with this id."""
    return Key(project_members.partition(tenant_id, project_id), f"{PREFIX}{milestone_id}")


def by_status(tenant_id: str, status: Status) -> str:
    """Return the partition of the index that lists the milestones of a tenant in a status by their due dates."""
    return f"TENANT#{tenant_id}#PMS#{status}"


def to_item(milestone: ProjectMilestone) -> Item:
    """Return the item of the entry of a milestone."""
    entry = PlanEntry(**{name: getattr(milestone, name) for name in PlanEntry._fields})
    listed = {
        "GSI1PK": by_status(milestone.tenant_id, milestone.status),
        "GSI1SK": f"{LISTED}{milestone.due_on or NO_DAY}#{milestone.project_milestone_id}",
    }
    item = records.to_item(key(milestone), "PlanEntry", entry) | listed
    return {name: value for name, value in item.items() if name not in _IN_KEY}


def of_project(
    tenant_id: str, project_id: str, *, limit: int, cursor: str | None
) -> tuple[list[ProjectMilestone], str | None]:
    """Return a page of the milestones of a project, the oldest first; a query and a call for each hundred."""
    found = page(tenant_id, project_id, limit=limit, cursor=cursor, consistent=True)
    keys = [milestones.key(tenant_id, item["SK"].removeprefix(PREFIX)) for item in found.items]
    items = table.get_many(keys, consistent=True) if keys else []
    return [milestones.from_item(item) for item in items if item is not None], found.next_cursor


def page(tenant_id: str, project_id: str, *, limit: int, cursor: str | None, consistent: bool = False) -> Page:
    """Return a page of the entries of a project, the oldest first; one query."""
    partition = project_members.partition(tenant_id, project_id)

    def read() -> Page:
        return table.query(partition, PREFIX, limit=limit, cursor=cursor, consistent=consistent)

    return arrivals.shown(tenant_id, read)


def until(due_before: str | None, listed: str, found: Page) -> Page:
    """Return what of a page by due date is due before a day; where it reaches that day, it is the last page.

    `listed` is what the sort keys of the list begin with.
    """
    if due_before is None:
        return found
    due = [item for item in found.items if item["GSI1SK"] < f"{listed}{due_before}"]
    return Page(due, found.next_cursor if len(due) == len(found.items) else None)


def view(item: Item) -> View:
    """Return what callers see of an entry."""
    shown = records.from_item(PlanEntry, graph.identified(item))._asdict()
    del shown["dependencies"]
    return shown
