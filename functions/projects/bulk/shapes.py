"""What callers send about several milestones. Unknown fields are refused."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from functions.projects.bulk import many
from functions.projects.sent import Reason, asked


class MilestoneMove(BaseModel):
    """What is to happen to one milestone."""

    model_config = asked({"project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H", "event": "activate"})

    project_milestone_id: Annotated[str, StringConstraints(strict=True, max_length=64)]
    event: Literal["activate", "start", "complete", "recall", "accept", "reject", "rework", "cancel"]
    reason: Annotated[Reason | None, Field(description="Wanted for `reject` and `cancel`.")] = None


def _reasoned(moves: list[MilestoneMove]) -> list[MilestoneMove]:
    if any(each.event in ("reject", "cancel") and each.reason is None for each in moves):
        raise ValueError("must have a reason for each `reject` and `cancel`")
    if any(each.event not in ("reject", "cancel") and each.reason is not None for each in moves):
        raise ValueError("must have a reason for `reject` and `cancel` alone")
    if len({each.project_milestone_id for each in moves}) < len(moves):
        raise ValueError("must name each milestone once")
    return moves


class MilestoneMoves(BaseModel):
    """What is to happen to several milestones of a project."""

    model_config = asked({"moves": [{"project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H", "event": "activate"}]})

    moves: Annotated[list[MilestoneMove], Field(min_length=1, max_length=many.MOST), AfterValidator(_reasoned)]
