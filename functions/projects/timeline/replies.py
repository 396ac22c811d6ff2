"""What callers are answered about the timeline of a project."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

from functions.projects.milestones.replies import MILESTONE_ID
from functions.projects.planning.replies import OTHER_ID, MilestoneDependency
from functions.projects.replies import MOMENT, PROJECT_ID, USER_ID, answered

_BASELINE: dict[str, Any] = {
    "frozen_by": USER_ID,
    "frozen_at": MOMENT,
    "version": 1,
    "starts_on": "2027-03-01",
    "ends_on": "2027-03-31",
    "milestones": 2,
}
_TIMELINE: dict[str, Any] = {
    "project_id": PROJECT_ID,
    "today": "2027-03-08",
    "starts_on": "2027-03-01",
    "ends_on": "2027-04-02",
    "late_by_days": 2,
    "baseline": _BASELINE,
    "milestones": [
        {
            "project_milestone_id": MILESTONE_ID,
            "title": "Mill assembled",
            "status": "in_progress",
            "progress": 60,
            "is_blocked": False,
            "start_on": "2027-03-03",
            "finish_on": "2027-04-02",
            "slack_days": 0,
            "is_critical": True,
            "baseline_start_on": "2027-03-01",
            "baseline_finish_on": "2027-03-31",
            "late_by_days": 2,
        }
    ],
    "dependencies": [
        {
            "from_id": OTHER_ID,
            "to_id": MILESTONE_ID,
            "type": "finish_to_start",
            "lag_days": 2,
            "is_optional": False,
            "condition": None,
        }
    ],
}


class ProjectBaseline(BaseModel):
    """How a project was planned when somebody froze it."""

    model_config = answered(_BASELINE)

    frozen_by: str
    frozen_at: str
    version: int = Field(description="How often the project was given a baseline.")
    starts_on: str | None = Field(description="Null without milestones, as is the end.")
    ends_on: str | None
    milestones: int


class TimelineMilestone(BaseModel):
    """When a milestone is worked on."""

    project_milestone_id: str
    title: str
    status: str = Field(description="A status of docs/projects.md.")
    progress: int = Field(description="In percent.")
    is_blocked: bool
    start_on: str = Field(description="The earliest day that its own days and what it depends on leave.")
    finish_on: str
    slack_days: int = Field(description="By how many working days it may be late.")
    is_critical: bool
    baseline_start_on: str | None = Field(description="Null if it was not there when the baseline was frozen.")
    baseline_finish_on: str | None
    late_by_days: int | None = Field(description="Working days behind the baseline, less than 0 before it.")


class ProjectTimeline(BaseModel):
    """When the milestones of a project are worked on."""

    model_config = answered(_TIMELINE)

    project_id: str
    today: str = Field(description="In the time zone of the project.")
    starts_on: str | None
    ends_on: str | None
    late_by_days: int | None = Field(description="How many working days the end is behind that of the baseline.")
    baseline: ProjectBaseline | None
    milestones: list[TimelineMilestone]
    dependencies: list[MilestoneDependency]


class ProjectGantt(RootModel[str]):
    """The timeline of a project as a picture with text in it."""

    MEDIA_TYPE: ClassVar[str] = "image/svg+xml"
    model_config = ConfigDict(json_schema_extra={"examples": ['<svg xmlns="http://www.w3.org/2000/svg"></svg>']})
