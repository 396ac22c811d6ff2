"""Projects over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.projects import lifecycle, reading, totals
from functions.projects.graphql import View, claim, graphql, if_match, without_nulls
from functions.projects.lifecycle import Command
from functions.projects.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of
from shared.callers.project_members import ADMIN

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "project", scope=READ)
def project(project_id: str) -> View:
    """Resolve one project."""
    return totals.listed(reading.project(graphql.caller, project_id))


@graphql.field("Query", "projects", scope=READ)
def projects(limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the projects that the caller may see."""
    caller, most = graphql.caller, limit_of(limit)
    if ADMIN in caller.scopes:
        return connection(reading.page_of_tenant(caller.tenant_id, limit=most, cursor=next_token))
    return connection(reading.page(caller, limit=most, cursor=next_token))


@graphql.field("Mutation", "createProject", scope=WRITE)
def create_project(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Create a project."""
    from functions.projects import shapes  # noqa: PLC0415

    draft = shapes.ProjectDraft.model_validate(without_nulls(input))
    return totals.listed(lifecycle.create(graphql.caller, draft.fields(), claim=claim()))


@graphql.field("Mutation", "updateProject", scope=WRITE)
def update_project(
    project_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change fields of a project."""
    from functions.projects import shapes  # noqa: PLC0415

    sent = shapes.ProjectPatch.model_validate(input).fields()
    return totals.listed(lifecycle.change(graphql.caller, project_id, sent, if_match=if_match(expected_version)))


@graphql.field("Mutation", "deleteProject", scope=WRITE)
def delete_project(project_id: str, expected_version: int | None = None) -> str:
    """Delete a project."""
    lifecycle.delete(graphql.caller, project_id, if_match=if_match(expected_version))
    return project_id


@graphql.field("Mutation", "completeProject", scope=WRITE)
def complete_project(project_id: str, expected_version: int | None = None) -> View:
    """Complete a project."""
    return _moved(project_id, "complete", expected_version)


@graphql.field("Mutation", "reopenProject", scope=WRITE)
def reopen_project(project_id: str, expected_version: int | None = None) -> View:
    """Make a completed project active again."""
    return _moved(project_id, "reopen", expected_version)


@graphql.field("Mutation", "archiveProject", scope=WRITE)
def archive_project(project_id: str, expected_version: int | None = None) -> View:
    """Archive a completed project."""
    return _moved(project_id, "archive", expected_version)


def _moved(project_id: str, name: Command, expected_version: int | None) -> View:
    match = if_match(expected_version)
    return totals.listed(lifecycle.command(graphql.caller, project_id, name, if_match=match, claim=claim()))
