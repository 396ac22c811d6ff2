"""Several milestones in one request, and milestones made from others, over GraphQL."""

from typing import Any

from functions.projects.bulk import duplicating, many, moving
from functions.projects.graphql import View, claim, graphql
from functions.projects.graphql import milestone as shown
from functions.projects.resolver import WRITE
from shared.errors import InvalidInput


@graphql.field("Mutation", "moveProjectMilestones", scope=WRITE)
def move_project_milestones(project_id: str, moves: list[dict[str, Any]]) -> list[View]:
    """Let events happen to several milestones."""
    from functions.projects.bulk import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = shapes.MilestoneMoves.model_validate({"moves": moves})
    if len(moves) > moving.MOST:
        raise InvalidInput.of("moves", f"must be {moving.MOST} at most; moveManyProjectMilestones takes more")
    return moving.move(graphql.caller, project_id, [each.model_dump() for each in sent.moves], claim=claim())


@graphql.field("Mutation", "moveManyProjectMilestones", scope=WRITE)
def move_many_project_milestones(project_id: str, moves: list[dict[str, Any]]) -> View:
    """Have events happen to many milestones, and resolve the job that does it."""
    from functions.projects.bulk import shapes  # noqa: PLC0415 - as above

    sent = shapes.MilestoneMoves.model_validate({"moves": moves})
    return many.begin(graphql.caller, project_id, [each.model_dump() for each in sent.moves], claim=claim())


@graphql.field("Mutation", "duplicateProjectMilestone", scope=WRITE)
def duplicate_project_milestone(project_milestone_id: str) -> View:
    """Create a draft with the plan of a milestone."""
    return shown(duplicating.duplicate(graphql.caller, project_milestone_id, claim=claim()))
