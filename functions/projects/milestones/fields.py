"""Milestones of a project over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.projects.graphql import View, claim, graphql, if_match, milestone_sent, without_nulls
from functions.projects.graphql import milestone as shown
from functions.projects.milestones import lifecycle, reading
from functions.projects.milestones.transition import Status
from functions.projects.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "projectMilestone", scope=READ)
def project_milestone(project_milestone_id: str) -> View:
    """Resolve one milestone."""
    return shown(reading.milestone(graphql.caller, project_milestone_id))


@graphql.field("Query", "projectMilestones", scope=READ)
def project_milestones(
    project_id: str,
    status: str | None = None,
    priority: str | None = None,
    kind: str | None = None,
    parent_id: str | None = None,
    owner: str | None = None,
    limit: int | None = None,
    next_token: str | None = None,
) -> View:
    """Resolve a page of the milestones of a project."""
    wanted = {"status": status, "priority": priority, "kind": kind, "parent_id": parent_id, "owner": owner}
    return connection(reading.page(graphql.caller, project_id, wanted, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "milestonesOverProjects", scope=READ)
def milestones_over_projects(
    status: Status | None = None,
    due_before: str | None = None,
    owner: str | None = None,
    limit: int | None = None,
    next_token: str | None = None,
) -> View:
    """Resolve a page of what somebody owns; with a status alone, of what the tenant has in it."""
    caller, most = graphql.caller, limit_of(limit)
    if status is None or owner is not None:
        wanted = {"owner": owner, "status": status, "due_before": due_before}
        return connection(reading.page_of_owner(caller, wanted, limit=most, cursor=next_token))
    return connection(reading.page_of_tenant(caller, status, due_before, limit=most, cursor=next_token))


@graphql.field("Query", "projectMilestoneHistory", scope=READ)
def project_milestone_history(
    project_milestone_id: str, limit: int | None = None, next_token: str | None = None
) -> View:
    """Resolve a page of what happened to a milestone."""
    found = reading.history(graphql.caller, project_milestone_id, limit=limit_of(limit), cursor=next_token)
    return connection(found)


@graphql.field("Mutation", "createProjectMilestone", scope=WRITE)
def create_project_milestone(project_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Create a draft."""
    from functions.projects.milestones import shapes  # noqa: PLC0415

    draft = shapes.ProjectMilestoneDraft.model_validate(milestone_sent(without_nulls(input)))
    return shown(lifecycle.create(graphql.caller, project_id, draft.fields(), claim=claim()))


@graphql.field("Mutation", "updateProjectMilestone", scope=WRITE)
def update_project_milestone(
    project_milestone_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change fields of a milestone."""
    from functions.projects.milestones import shapes  # noqa: PLC0415

    sent = shapes.ProjectMilestonePatch.model_validate(milestone_sent(input)).fields()
    match = if_match(expected_version)
    return shown(lifecycle.change(graphql.caller, project_milestone_id, sent, if_match=match))


@graphql.field("Mutation", "deleteProjectMilestone", scope=WRITE)
def delete_project_milestone(project_milestone_id: str, expected_version: int | None = None) -> str:
    """Delete a milestone."""
    lifecycle.delete(graphql.caller, project_milestone_id, if_match=if_match(expected_version))
    return project_milestone_id
