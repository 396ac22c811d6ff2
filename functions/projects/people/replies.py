"""What callers are answered about members of a project."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.replies import MOMENT, PROJECT_ID, USER_ID, answered

_MEMBER: dict[str, Any] = {
    "project_id": PROJECT_ID,
    "user_id": USER_ID,
    "roles": ["manager"],
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
    "skills": ["mechanics"],
}


class ProjectMember(BaseModel):
    """A member of a project."""

    model_config = answered(_MEMBER)

    project_id: str
    user_id: str
    roles: list[str] = Field(description="`manager`, `creator`, `verifier`, `finance`, `viewer`, `client`.")
    created_at: str
    updated_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")
    skills: list[str]


class ProjectMembers(BaseModel):
    """A page of the members of a project."""

    model_config = answered({"items": [_MEMBER], "next_cursor": None})

    items: list[ProjectMember]
    next_cursor: str | None
