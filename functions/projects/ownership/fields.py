"""Owners of milestones over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.projects.graphql import View, claim, graphql, without_nulls
from functions.projects.ownership import owning, recommending
from functions.projects.resolver import READ, WRITE
from shared.api.graphql import limit_of


@graphql.field("Query", "projectMilestoneOwners", scope=READ)
def project_milestone_owners(project_milestone_id: str) -> list[View]:
    """Resolve the owners of a milestone."""
    return owning.page(graphql.caller, project_milestone_id)


@graphql.field("Query", "recommendedMilestoneOwners", scope=READ)
def recommended_milestone_owners(
    project_milestone_id: str, skills: list[str] | None = None, limit: int | None = None
) -> list[View]:
    """Resolve the members of the project who suit a milestone best."""
    return recommending.recommend(graphql.caller, project_milestone_id, skills or [], limit=limit_of(limit))


@graphql.field("Mutation", "assignProjectMilestone", scope=WRITE)
def assign_project_milestone(project_milestone_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as clients do
    """Assign a milestone to a member of its project."""
    from functions.projects.milestones import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    draft = shapes.OwnerDraft.model_validate(without_nulls(input))
    given = (draft.holder, draft.role, draft.workload_percent)
    return owning.assign(graphql.caller, project_milestone_id, *given, claim=claim())


@graphql.field("Mutation", "acceptProjectMilestoneOwnership", scope=WRITE)
def accept_project_milestone_ownership(project_milestone_id: str) -> View:
    """Accept what is assigned to the caller."""
    return owning.accept(graphql.caller, project_milestone_id, claim=claim())


@graphql.field("Mutation", "declineProjectMilestoneOwnership", scope=WRITE)
def decline_project_milestone_ownership(project_milestone_id: str) -> str:
    """Decline what is assigned to the caller, and return their id."""
    declined = owning.decline(graphql.caller, project_milestone_id, claim=claim())
    return str(declined["user_id"])


@graphql.field("Mutation", "transferProjectMilestone", scope=WRITE)
def transfer_project_milestone(project_milestone_id: str, user_id: str) -> View:
    """Make another member the primary owner."""
    return owning.transfer(graphql.caller, project_milestone_id, user_id, claim=claim())


@graphql.field("Mutation", "removeProjectMilestoneOwner", scope=WRITE)
def remove_project_milestone_owner(project_milestone_id: str, user_id: str) -> str:
    """Remove an owner of a milestone."""
    owning.remove(graphql.caller, project_milestone_id, user_id)
    return user_id
