"""How a team of a project is created, changed and removed."""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.projects.people import access, teams
from functions.projects.people.teams import ProjectTeamNotFound, Team, View
from shared import clock, ids
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, table, versions
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, PRESENT, Check, Delete, Put, unchanged


class TooManyTeams(Conflict):
    """409: a project has 20 teams at most."""

    def __init__(self) -> None:
        super().__init__(f"A project has {teams.MOST} teams at most. Remove one first.")


def page(caller: Caller, project_id: str) -> list[View]:
    """Return the teams of a project, the oldest first; one call to open it, and one query. Raises ProjectNotFound."""
    access.open_project(caller, project_id, consistent=False)
    return [teams.view(each) for each in teams.of_project(caller.tenant_id, project_id)]


def create(caller: Caller, project_id: str, name: str, people: Sequence[str], *, claim: Claim | None = None) -> Answer:
    """Make a team of members of a project, and return it; for managers.

    Raises ProjectNotFound, RoleRequired, InvalidInput, TooManyTeams.
    """
    team_id = ids.new(teams.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        access.open_project(caller, project_id).standing.require("manager")
        if len(teams.of_project(caller.tenant_id, project_id)) >= teams.MOST:
            raise TooManyTeams
        moment = clock.to_rfc3339(now)
        team = Team(caller.tenant_id, project_id, team_id, name, people, caller.user_id, moment, moment, 1)
        made = [Put(teams.to_item(team), ABSENT), teams.happened("created", team, now)]
        return Plan(teams.view(team), [*made, *_members(team, people)])

    return changes.make(plan, claim=claim)


def change(caller: Caller, project_id: str, team_id: str, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change the name of a team, or who is in it, and return it; for managers.

    Raises ProjectNotFound, RoleRequired, ProjectTeamNotFound, InvalidInput, versions.VersionChanged.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        before = _opened(caller, project_id, team_id, if_match)
        after = before._replace(**fields, updated_at=clock.to_rfc3339(now), version=before.version + 1)
        joined = [each for each in after.people if each not in before.people]
        changed = [Put(teams.to_item(after), unchanged(before.version)), teams.happened("changed", after, now)]
        return Plan(teams.view(after), [*changed, *_members(after, joined)])

    return changes.make(plan)


def remove(caller: Caller, project_id: str, team_id: str, *, if_match: str | None) -> None:
    """Remove a team, which owns nothing any more within seconds; for managers.

    Raises ProjectNotFound, RoleRequired, ProjectTeamNotFound, versions.VersionChanged.
    """

    def plan() -> Plan[None]:
        team = _opened(caller, project_id, team_id, if_match)
        place = teams.key(team.tenant_id, project_id, team_id)
        return Plan(None, [Delete(place, unchanged(team.version)), teams.happened("removed", team, clock.now())])

    changes.make(plan)


def _opened(caller: Caller, project_id: str, team_id: str, if_match: str | None) -> Team:
    """Return a team that the caller decides on."""
    opened = access.open_project(caller, project_id, also=[teams.key(caller.tenant_id, project_id, team_id)])
    opened.standing.require("manager")
    item = opened.others[0]
    if item is None:
        raise ProjectTeamNotFound
    team = teams.from_item(item)
    versions.require(if_match, team.version)
    return team


def _members(team: Team, people: Sequence[str]) -> list[Check]:
    """Return the checks that people are members of the project. Raises InvalidInput for one who is not."""
    places = [_place(team, each) for each in people]
    if None in (table.get_many(places, consistent=True) if places else []):
        raise _strangers()
    return [Check(place, PRESENT) for place in places]


def _place(team: Team, user_id: str) -> Key:
    if not ids.is_valid(user_id, "user"):
        raise _strangers()
    return project_members.key(team.tenant_id, team.project_id, user_id)


def _strangers() -> InvalidInput:
    return InvalidInput.of("people", "must be members of the project")
