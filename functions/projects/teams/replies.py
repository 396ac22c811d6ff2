"""What callers are answered about teams of a project."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.replies import MOMENT, PROJECT_ID, USER_ID, answered

_TEAM: dict[str, Any] = {
    "project_id": PROJECT_ID,
    "team_id": "team_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "name": "Millwrights",
    "people": [USER_ID],
    "created_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
}


class ProjectTeam(BaseModel):
    """A team of a project."""

    model_config = answered(_TEAM)

    project_id: str
    team_id: str
    name: str
    people: list[str] = Field(description="Ids of users.")
    created_by: str
    created_at: str
    updated_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")


class ProjectTeams(BaseModel):
    """The teams of a project."""

    model_config = answered({"items": [_TEAM]})

    items: list[ProjectTeam]
