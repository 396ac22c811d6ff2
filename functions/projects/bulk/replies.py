"""What callers are answered about several milestones."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import MILESTONE_ID
from functions.projects.replies import answered
from shared.jobs.replies import Job

__all__ = ["Job", "MilestonesMoved"]

_MOVED: dict[str, Any] = {
    "project_milestone_id": MILESTONE_ID,
    "event": "activate",
    "status": "active",
    "version": 3,
    "code": None,
    "detail": None,
}


class MilestoneMoved(BaseModel):
    """What became of a milestone: its status and version after that, or the code of a refusal."""

    project_milestone_id: str
    event: str
    status: str | None
    version: int | None
    code: str | None = Field(description="As `code` of a problem; `NotTried` if the request took too long before.")
    detail: str | None


class MilestonesMoved(BaseModel):
    """What became of milestones, in their order."""

    model_config = answered({"items": [_MOVED]})

    items: list[MilestoneMoved]
