"""What callers are answered about escalation policies."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.replies import MOMENT, USER_ID, answered

POLICY_ID = "epo_01KAEY5R7C2N8V4X6Z9B1D3F5H"

_TARGET: dict[str, Any] = {"user": None, "role": None, "owner_role": "primary"}
_LEVEL: dict[str, Any] = {"targets": [_TARGET], "channels": ["worklist"]}
_POLICY: dict[str, Any] = {
    "escalation_policy_id": POLICY_ID,
    "name": "Late payments",
    "levels": [_LEVEL],
    "created_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
    "project_id": None,
    "kinds": ["budget"],
    "severities": [],
    "calendar": "business",
    "repeats": 1,
}


class EscalationTarget(BaseModel):
    """Whom a level tells: one of these."""

    model_config = answered(_TARGET)

    user: str | None
    role: str | None
    owner_role: str | None


class EscalationLevel(BaseModel):
    """A level of a policy."""

    model_config = answered(_LEVEL)

    targets: list[EscalationTarget]
    channels: list[str] = Field(description="`worklist`, `email`.")


class EscalationPolicy(BaseModel):
    """An escalation policy."""

    model_config = answered(_POLICY)

    escalation_policy_id: str
    name: str
    levels: list[EscalationLevel] = Field(description="From the first one up.")
    created_by: str
    created_at: str
    updated_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")
    project_id: str | None = Field(description="Null if it is for all projects of the tenant.")
    kinds: list[str] = Field(description="What it applies to; empty for all.")
    severities: list[str] = Field(description="As `kinds`.")
    calendar: str = Field(description="`elapsed`, or `business` for the business hours of the project.")
    repeats: int = Field(description="How often a level tells its people again while nobody has acknowledged.")


class EscalationPolicies(BaseModel):
    """A page of escalation policies."""

    model_config = answered({"items": [_POLICY], "next_cursor": None})

    items: list[EscalationPolicy]
    next_cursor: str | None
