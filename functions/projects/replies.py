"""What callers are answered about projects."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MOMENT = "2026-11-20T09:30:00.000Z"
USER_ID = "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"
PROJECT_ID = "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H"

_LISTED: dict[str, Any] = {
    "project_id": PROJECT_ID,
    "name": "Engine No. 2",
    "status": "active",
    "currency": "EUR",
    "client": {"name": "Analytical Engines Ltd", "address": None, "tax_id": None, "email": None},
    "created_at": MOMENT,
    "version": 1,
    "progress_percent": 42.5,
    "progress_text": "42.5 %",
    "milestones": 4,
    "open_milestones": 3,
}
_PROJECT = _LISTED | {
    "created_by": USER_ID,
    "updated_at": MOMENT,
    "time_zone": "Europe/Berlin",
    "working_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "holidays": ["2026-12-25"],
    "working_hours": {"opens_at": "09:00", "closes_at": "17:00"},
    "escrow": False,
    "milestones_by_status": {"approved": 1, "draft": 1, "in_progress": 2},
    "members": 3,
}


def answered(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a model with an example."""
    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [example]})


class ProjectClient(BaseModel):
    """Whom a project is for."""

    name: str
    address: str | None
    tax_id: str | None
    email: str | None


class ProjectWorkingHours(BaseModel):
    """From when to when a working day of a project is worked, in its time zone."""

    opens_at: str
    closes_at: str


class ListedProject(BaseModel):
    """A project in a list."""

    model_config = answered(_LISTED)

    project_id: str
    name: str
    status: str = Field(description="`active`, `completed`, or `archived`.")
    currency: str = Field(description="ISO 4217; that of all amounts of the project.")
    client: ProjectClient | None
    created_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")
    progress_percent: float = Field(description="The mean of its milestones by weight; cancelled ones do not count.")
    progress_text: str = Field(description="One decimal, half up; `100 %` only when it is reached.")
    milestones: int
    open_milestones: int = Field(description="Those that are neither approved nor cancelled.")


class Project(ListedProject):
    """A project and how far it is."""

    model_config = answered(_PROJECT)

    created_by: str
    updated_at: str
    time_zone: str
    working_days: list[str]
    holidays: list[str]
    working_hours: ProjectWorkingHours
    escrow: bool = Field(description="Whether its payments are made from its deposits alone.")
    milestones_by_status: dict[str, int]
    members: int


class Projects(BaseModel):
    """A page of projects."""

    model_config = answered({"items": [_LISTED], "next_cursor": None})

    items: list[ListedProject]
    next_cursor: str | None
