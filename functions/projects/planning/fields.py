"""What milestones depend on, over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.projects.graphql import View, claim, graphql, if_match, without_nulls
from functions.projects.planning import lifecycle, reading
from functions.projects.resolver import READ, WRITE


@graphql.field("Query", "projectMilestoneDependencies", scope=READ)
def project_milestone_dependencies(project_milestone_id: str) -> list[View]:
    """Resolve what a milestone depends on."""
    return reading.of_milestone(graphql.caller, project_milestone_id)


@graphql.field("Query", "projectGraph", scope=READ)
def project_graph(project_id: str) -> View:
    """Resolve what depends on what in a project."""
    return reading.of_project(graphql.caller, project_id)


@graphql.field("Query", "projectCriticalPath", scope=READ)
def project_critical_path(project_id: str) -> View:
    """Resolve when milestones can and must be worked on."""
    return reading.critical_path(graphql.caller, project_id)


@graphql.field("Mutation", "addProjectMilestoneDependency", scope=WRITE)
def add_project_milestone_dependency(
    project_milestone_id: str,
    input: dict[str, Any],  # noqa: A002 - the name clients expect
) -> View:
    """Let a milestone depend on another."""
    from functions.projects.planning import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    draft = shapes.MilestoneDependencyDraft.model_validate(without_nulls(input))
    return lifecycle.add(graphql.caller, project_milestone_id, draft.dependency(), claim=claim())


@graphql.field("Mutation", "removeProjectMilestoneDependency", scope=WRITE)
def remove_project_milestone_dependency(
    project_milestone_id: str, from_id: str, expected_version: int | None = None
) -> str:
    """Remove what a milestone depends on."""
    lifecycle.remove(graphql.caller, project_milestone_id, from_id, if_match=if_match(expected_version))
    return from_id
