"""Teams of a project over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.projects.graphql import View, claim, graphql, if_match, without_nulls
from functions.projects.resolver import READ, WRITE
from functions.projects.teams import lifecycle

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "projectTeams", scope=READ)
def project_teams(project_id: str) -> list[View]:
    """Resolve the teams of a project."""
    return lifecycle.page(graphql.caller, project_id)


@graphql.field("Mutation", "createProjectTeam", scope=WRITE)
def create_project_team(project_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Make a team of members of a project."""
    from functions.projects.teams import shapes  # noqa: PLC0415

    draft = shapes.ProjectTeamDraft.model_validate(without_nulls(input))
    return lifecycle.create(graphql.caller, project_id, draft.name, draft.people, claim=claim())


@graphql.field("Mutation", "updateProjectTeam", scope=WRITE)
def update_project_team(
    project_id: str,
    team_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change the name of a team, or who is in it."""
    from functions.projects.teams import shapes  # noqa: PLC0415

    sent = shapes.ProjectTeamPatch.model_validate(without_nulls(input)).fields()
    return lifecycle.change(graphql.caller, project_id, team_id, sent, if_match=if_match(expected_version))


@graphql.field("Mutation", "removeProjectTeam", scope=WRITE)
def remove_project_team(project_id: str, team_id: str, expected_version: int | None = None) -> str:
    """Remove a team, and return its id."""
    lifecycle.remove(graphql.caller, project_id, team_id, if_match=if_match(expected_version))
    return team_id
