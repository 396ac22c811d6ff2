"""Several milestones in one request, and milestones made from others, over GraphQL."""

from typing import Any

from functions.projects.bulk import duplicating, moving
from functions.projects.graphql import View, claim, graphql
from functions.projects.graphql import milestone as shown
from functions.projects.resolver import WRITE


@graphql.field("Mutation", "moveProjectMilestones", scope=WRITE)
def move_project_milestones(project_id: str, moves: list[dict[str, Any]]) -> list[View]:
    """Let events happen to several milestones."""
    from functions.projects.bulk import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = shapes.MilestoneMoves.model_validate({"moves": moves})
    return moving.move(graphql.caller, project_id, [each.model_dump() for each in sent.moves])


@graphql.field("Mutation", "duplicateProjectMilestone", scope=WRITE)
def duplicate_project_milestone(project_milestone_id: str) -> View:
    """Create a draft with the plan of a milestone."""
    return shown(duplicating.duplicate(graphql.caller, project_milestone_id, claim=claim()))
