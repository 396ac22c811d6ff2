"""How somebody is in no team of a project any more: they have left the project, or may not write in the tenant."""

from functions.projects.people import teams
from functions.projects.people.teams import Team
from shared import clock
from shared.callers import project_members
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Check, Put, Write, unchanged


def leave(tenant_id: str, project_id: str, user_id: str) -> None:
    """Take somebody from all teams of a project, whether or not they are a member of it."""
    for team in teams.of_project(tenant_id, project_id):
        if user_id in team.people:
            _leave(team, user_id)


def leave_if_gone(tenant_id: str, project_id: str, user_id: str) -> None:
    """Take somebody from all teams of a project that they are a member of no more; who has come back stays."""
    own = project_members.key(tenant_id, project_id, user_id)
    for team in teams.of_project(tenant_id, project_id):
        if user_id in team.people and table.get(own, consistent=True) is None:
            _leave(team, user_id, Check(own, ABSENT))


def _leave(found: Team, user_id: str, *checks: Check) -> None:
    def plan() -> Plan[None]:
        now, team = clock.now(), teams.find(found.tenant_id, found.project_id, found.team_id)
        if team is None or user_id not in team.people:
            return Plan(None)
        if any(table.get(each.key, consistent=True) is not None for each in checks):
            return Plan(None)
        after = team._replace(
            people=[each for each in team.people if each != user_id],
            updated_at=clock.to_rfc3339(now),
            version=team.version + 1,
        )
        writes: list[Write] = [Put(teams.to_item(after), unchanged(team.version))]
        return Plan(None, [*writes, teams.happened("changed", after, now), *checks])

    changes.make(plan)
