"""What callers are answered about delegations."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.replies import MOMENT, PROJECT_ID, USER_ID, answered

DELEGATION_ID = "dlg_01KAEY5R7C2N8V4X6Z9B1D3F5H"

_DELEGATION: dict[str, Any] = {
    "delegation_id": DELEGATION_ID,
    "principal_id": USER_ID,
    "delegate_id": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "scope": "project",
    "permissions": ["approve", "reject"],
    "starts_at": MOMENT,
    "ends_at": "2026-12-04T09:30:00.000Z",
    "reason": "On the building site.",
    "created_at": MOMENT,
    "version": 1,
    "project_id": PROJECT_ID,
    "project_milestone_id": None,
    "revoked_at": None,
    "is_in_force": True,
}


class Delegation(BaseModel):
    """That somebody may decide for another."""

    model_config = answered(_DELEGATION)

    delegation_id: str
    principal_id: str = Field(description="In whose place.")
    delegate_id: str = Field(description="Who may.")
    scope: str = Field(description="`milestone`, `project` or `tenant`.")
    permissions: list[str] = Field(description="`approve`, `reject`.")
    starts_at: str
    ends_at: str = Field(description="The first instant at which it is in force no more.")
    reason: str
    created_at: str
    version: int
    project_id: str | None = Field(description="With the scope `milestone`, the project of the milestone.")
    project_milestone_id: str | None
    revoked_at: str | None
    is_in_force: bool = Field(description="Now.")


class Delegations(BaseModel):
    """A page of delegations."""

    model_config = answered({"items": [_DELEGATION], "next_cursor": None})

    items: list[Delegation]
    next_cursor: str | None
