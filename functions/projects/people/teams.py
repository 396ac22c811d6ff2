"""A team of a project: members who own milestones together. The record, its keys, and its events.

A team says who is in it now. Who owns a milestone through it is found out where that counts: when a layer opens, when
evidence is brought.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from functions.projects.people import owners
from functions.projects.people.owners import Owner, Role
from shared import ids
from shared.callers import project_members
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Put

View = dict[str, Any]

ID: Final = owners.TEAM
MOST: Final = 20
"""How many teams a project may have."""
MOST_PEOPLE: Final = 50
"""How many members a team may have."""


class ProjectTeamNotFound(NotFound):
    """404: the project has no such team."""

    def __init__(self) -> None:
        super().__init__("The project has no such team.")


class Team(NamedTuple):
    """A team as it is stored; `people` are the ids of users, all of them members of the project."""

    tenant_id: str
    project_id: str
    team_id: str
    name: str
    people: Sequence[str]
    created_by: str
    created_at: str
    updated_at: str
    version: int


def key(tenant_id: str, project_id: str, team_id: str) -> Key:
    """Return the key of a team. Raises ProjectTeamNotFound for an id that none can have."""
    if not ids.is_valid(team_id, ID):
        raise ProjectTeamNotFound
    return project_members.team_key(tenant_id, project_id, team_id)


def find(tenant_id: str, project_id: str, team_id: str) -> Team | None:
    """Return a team as it is now, None if it is gone. Raises ProjectTeamNotFound for an id that none can have."""
    item = table.get(key(tenant_id, project_id, team_id), consistent=True)
    return None if item is None else from_item(item)


def of_project(tenant_id: str, project_id: str) -> list[Team]:
    """Return the teams of a project, the oldest first; one query."""
    place = project_members.partition(tenant_id, project_id)
    found = table.query(place, project_members.TEAM_PREFIX, limit=2 * MOST, consistent=True)
    return [from_item(item) for item in found.items]


def roles(tenant_id: str, project_id: str, owned: Iterable[Owner]) -> dict[str, frozenset[Role]]:
    """Return as what people own a milestone through the teams among its owners; one call if there are any."""
    found = [each for each in owned if each.is_team]
    keys = [key(tenant_id, project_id, each.user_id) for each in found]
    items = table.get_many(keys, consistent=True) if keys else []
    people = dict[str, frozenset[Role]]()
    for owner, item in zip(found, items, strict=True):
        for user_id in [] if item is None else item["people"]:
            people[user_id] = people.get(user_id, frozenset[Role]()) | {owner.role}
    return people


def remove_all(tenant_id: str, project_id: str) -> None:
    """Remove the teams of a project that is gone."""
    table.delete_many([key(tenant_id, project_id, each.team_id) for each in of_project(tenant_id, project_id)])


def to_item(team: Team) -> Item:
    """Return the item of a team."""
    return records.to_item(key(team.tenant_id, team.project_id, team.team_id), "ProjectTeam", team)


def from_item(item: Item) -> Team:
    """Return the team of an item."""
    return records.from_item(Team, item)


def happened(what: str, team: Team, at: Instant) -> Put:
    """Return the write of the event `projects.team.<what>`."""
    named = {"project_id": team.project_id, "team_id": team.team_id, "people": len(team.people)}
    return events.occurred(
        f"projects.team.{what}",
        partition=project_members.partition(team.tenant_id, team.project_id),
        subject_id=team.team_id,
        tenant_id=team.tenant_id,
        at=at,
        data=named,
    )


def view(team: Team) -> View:
    """Return what the members of a project see of a team."""
    shown = team._asdict() | {"people": [*team.people]}
    del shown["tenant_id"]
    return shown
