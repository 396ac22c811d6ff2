"""Members of a project over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.projects.graphql import View, graphql, if_match, without_nulls
from functions.projects.people import lifecycle
from functions.projects.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of


@graphql.field("Query", "projectMembers", scope=READ)
def project_members(project_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the members of a project."""
    return connection(lifecycle.page(graphql.caller, project_id, limit=limit_of(limit), cursor=next_token))


@graphql.field("Mutation", "putProjectMember", scope=WRITE)
def put_project_member(
    project_id: str,
    user_id: str,
    input: dict[str, Any],  # noqa: A002 - the name GraphQL clients expect
    expected_version: int | None = None,
) -> View:
    """Make somebody a member of a project, or change their roles."""
    from functions.projects.people import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    draft = shapes.ProjectMemberDraft.model_validate(without_nulls(input))
    match = if_match(expected_version)
    return lifecycle.put(graphql.caller, project_id, user_id, draft.roles, draft.skills, if_match=match)


@graphql.field("Mutation", "removeProjectMember", scope=WRITE)
def remove_project_member(project_id: str, user_id: str, expected_version: int | None = None) -> str:
    """Remove a member of a project."""
    lifecycle.remove(graphql.caller, project_id, user_id, if_match=if_match(expected_version))
    return user_id
