"""What callers are answered about owners of milestones."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import MILESTONE_ID
from functions.projects.replies import MOMENT, USER_ID, answered

_OWNER: dict[str, Any] = {
    "project_milestone_id": MILESTONE_ID,
    "user_id": USER_ID,
    "team_id": None,
    "role": "primary",
    "status": "active",
    "workload_percent": 50,
    "assigned_by": USER_ID,
    "created_at": MOMENT,
    "version": 2,
    "total_workload_percent": 80,
    "is_overloaded": False,
}
_RECOMMENDED: dict[str, Any] = {
    "user_id": USER_ID,
    "score": 0.58,
    "skill_overlap": 0.5,
    "availability": 0.6,
    "on_time_rate": 0.75,
    "matched": ["mechanics"],
    "workload_percent": 40,
    "is_overloaded": False,
}


class MilestoneOwner(BaseModel):
    """An owner of a milestone."""

    model_config = answered(_OWNER)

    project_milestone_id: str
    user_id: str | None = Field(description="Null for a team.")
    team_id: str | None
    role: str = Field(description="`primary`, `secondary`, `reviewer`, `approver`, `observer`, `contributor`.")
    status: str = Field(description="`assigned` until they accept, then `active`.")
    workload_percent: int
    assigned_by: str
    created_at: str
    version: int
    total_workload_percent: int | None = Field(
        description="Of all open milestones that they own; null for teams, and for those whom that is not for."
    )
    is_overloaded: bool | None = Field(description="Whether that is more than 100.")


class MilestoneOwners(BaseModel):
    """The owners of a milestone."""

    model_config = answered({"items": [_OWNER]})

    items: list[MilestoneOwner]


class RecommendedOwner(BaseModel):
    """A member of the project who may own the milestone, and how well they suit it; each part is from 0 to 1."""

    user_id: str
    score: float = Field(description="0.5 skill overlap + 0.3 availability + 0.2 on-time rate.")
    skill_overlap: float = Field(description="What part of the wanted skills they have.")
    availability: float = Field(description="What their workload leaves of their time, 0 at least.")
    on_time_rate: float = Field(description="Of their milestones with a last day, how many were in time; else 0.5.")
    matched: list[str] = Field(description="The wanted skills that they have.")
    workload_percent: int
    is_overloaded: bool


class RecommendedOwners(BaseModel):
    """Members of the project who may own the milestone, the best first."""

    model_config = answered({"items": [_RECOMMENDED]})

    items: list[RecommendedOwner]


class Declined(BaseModel):
    """Who has declined."""

    model_config = answered({"user_id": USER_ID})

    user_id: str
