"""The graph of a project: its milestones and what each depends on, and the version that guards it against cycles."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.projects import arrivals
from functions.projects.dependencies import dependencies
from functions.projects.dependencies.dependencies import Dependency
from shared.callers import project_members
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.table import Page
from shared.storage.writes import ABSENT, Put, unchanged

PREFIX: Final = "PMS#"
"""What the keys of the entries of milestones begin with."""
_MOST: Final = 2500
"""More than a project has milestones: DynamoDB ends a page at 1 MB."""


class Planned(NamedTuple):
    """What the graph reads of the entry of a milestone."""

    project_milestone_id: str
    title: str
    status: str
    progress: int
    version: int
    start_on: str | None = None
    due_on: str | None = None
    is_blocked: bool = False
    parent_id: str | None = None
    dependencies: Sequence[Mapping[str, Any]] = ()


class Graph(NamedTuple):
    """The milestones of a project by their ids, and at which version of the graph they were read."""

    entries: dict[str, Planned]
    version: int

    def prerequisites(self, milestone_id: str) -> list[Dependency]:
        """Return what a milestone depends on; nothing for one that is not there."""
        entry = self.entries.get(milestone_id)
        return [] if entry is None else dependencies.of(entry.dependencies)

    def edges(self) -> dict[str, list[str]]:
        """Return the milestones that each depends on."""
        return {each: [edge["from_id"] for edge in entry.dependencies] for each, entry in self.entries.items()}

    def waits(self) -> dict[str, list[str]]:
        """Return the milestones that each waits for: those that it depends on, and its parts."""
        waits = self.edges()
        for part, entry in self.entries.items():
            if entry.parent_id is not None:
                waits[entry.parent_id].append(part)
        return waits

    def dependants(self, milestone_id: str) -> list[str]:
        """Return the milestones that depend on one."""
        return [each for each, froms in self.edges().items() if milestone_id in froms]

    def held(self, milestone_id: str) -> list[str]:
        """Return the milestones that wait for some days after one."""
        return [
            each
            for each in self.entries
            if any(edge.from_id == milestone_id and edge.holds for edge in self.prerequisites(each))
        ]


def key(tenant_id: str, project_id: str) -> Key:
    """Return the key of the version of a project's graph."""
    return Key(project_members.partition(tenant_id, project_id), "GRAPH")


def read(tenant_id: str, project_id: str) -> Graph:
    """Return the graph of a project as it is now; a read and a query."""
    # The version first: what is added while the entries are read fails the write that follows from them.
    version = version_of(table.get(key(tenant_id, project_id), consistent=True))
    return Graph(of_project(tenant_id, project_id), version)


def of_project(tenant_id: str, project_id: str) -> dict[str, Planned]:
    """Return the milestones of a project by their ids; one query, which reads 2,000 milestones in two pages."""
    place = project_members.partition(tenant_id, project_id)

    def read() -> Page:
        found, cursor = list[Item](), None
        while True:
            page = table.query(place, PREFIX, limit=_MOST, cursor=cursor, consistent=True)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return Page(found, None)

    planned = (records.from_item(Planned, identified(item)) for item in arrivals.shown(tenant_id, read).items)
    return {each.project_milestone_id: each for each in planned}


def identified(item: Item) -> Item:
    """Return the item of the entry of a milestone with the ids of its key, which it does not hold a second time."""
    ids = {"project_id": project_members.project_of(item), "project_milestone_id": item["SK"].removeprefix(PREFIX)}
    return {**item, **ids}


def version_of(item: Item | None) -> int:
    """Return the version that an item of the graph has; 0 before the first dependency."""
    return 0 if item is None else item["version"]


def changed(tenant_id: str, project_id: str, version: int) -> Put:
    """Return the write of the next version of a graph that was read at this one."""
    pk, sk = key(tenant_id, project_id)
    item: Item = {"PK": pk, "SK": sk, "entity": "ProjectGraph", "version": version + 1}
    return Put(item, ABSENT if version == 0 else unchanged(version))
