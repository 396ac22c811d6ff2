"""What callers are answered about the plan of a project."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import MILESTONE_ID
from functions.projects.replies import answered

OTHER_ID = "pms_01KAEY5R7C2N8V4X6Z9B1D3F5J"

_DEPENDENCY: dict[str, Any] = {
    "from_id": OTHER_ID,
    "to_id": MILESTONE_ID,
    "type": "finish_to_start",
    "lag_days": 2,
    "is_optional": False,
    "condition": None,
}
_JUDGED = _DEPENDENCY | {"is_open": True, "reason": "not_finished", "title": "Drawings", "status": "in_progress"}

_NODE: dict[str, Any] = {
    "project_milestone_id": MILESTONE_ID,
    "title": "Mill assembled",
    "status": "in_progress",
    "progress": 60,
    "start_on": "2027-03-01",
    "due_on": "2027-03-31",
    "is_blocked": False,
    "version": 4,
}
_PLANNED: dict[str, Any] = {
    "project_milestone_id": MILESTONE_ID,
    "title": "Mill assembled",
    "status": "in_progress",
    "working_days": 23,
    "earliest_start_on": "2027-03-01",
    "earliest_finish_on": "2027-03-31",
    "latest_start_on": "2027-03-03",
    "latest_finish_on": "2027-04-02",
    "slack_days": 2,
    "is_critical": False,
}


class MilestoneDependency(BaseModel):
    """What a milestone depends on."""

    model_config = answered(_DEPENDENCY)

    from_id: str = Field(description="The prerequisite.")
    to_id: str = Field(description="The milestone that depends on it.")
    type: str = Field(description="A type of docs/projects.md.")
    lag_days: int = Field(description="Working days.")
    is_optional: bool = Field(description="Whether it is for plans only.")
    condition: str | None


class JudgedDependency(MilestoneDependency):
    """What a milestone depends on, and whether that keeps it from going on."""

    model_config = answered(_JUDGED)

    is_open: bool
    reason: str | None = Field(
        description="Why it is open: `not_started`, `not_finished`, `not_verified`, `not_paid`, `lag`, "
        "`condition_failed`."
    )
    title: str | None = Field(description="The title of the prerequisite.")
    status: str | None = Field(description="The status of the prerequisite.")


class MilestoneDependencies(BaseModel):
    """What a milestone depends on, 50 at most."""

    model_config = answered({"items": [_JUDGED]})

    items: list[JudgedDependency]


class GraphMilestone(BaseModel):
    """A milestone in the graph of its project."""

    project_milestone_id: str
    title: str
    status: str = Field(description="A status of docs/projects.md.")
    progress: int = Field(description="In percent.")
    start_on: str | None
    due_on: str | None
    is_blocked: bool
    version: int


class ProjectGraph(BaseModel):
    """The milestones of a project and what depends on what."""

    model_config = answered({"milestones": [_NODE], "dependencies": [_DEPENDENCY]})

    milestones: list[GraphMilestone]
    dependencies: list[MilestoneDependency]


class PlannedMilestone(BaseModel):
    """When a milestone can and must be worked on."""

    project_milestone_id: str
    title: str
    status: str = Field(description="A status of docs/projects.md.")
    working_days: int = Field(description="How many working days it takes.")
    earliest_start_on: str
    earliest_finish_on: str
    latest_start_on: str
    latest_finish_on: str
    slack_days: int = Field(description="By how many working days it may be late.")
    is_critical: bool


class CriticalPath(BaseModel):
    """When the milestones of a project can and must be worked on."""

    model_config = answered(
        {"starts_on": "2027-03-01", "ends_on": "2027-04-02", "critical": [OTHER_ID], "milestones": [_PLANNED]}
    )

    starts_on: str | None = Field(description="Null without milestones, as is the end.")
    ends_on: str | None
    critical: list[str] = Field(description="The milestones without slack, each after those that it depends on.")
    milestones: list[PlannedMilestone]
