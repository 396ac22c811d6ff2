"""What callers are answered about escalations."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import MILESTONE_ID
from functions.projects.replies import MOMENT, PROJECT_ID, USER_ID, answered

_ACTION: dict[str, Any] = {
    "action_id": "act_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "title": "Order another wheel",
    "created_by": USER_ID,
    "created_at": MOMENT,
    "user_id": None,
    "due_on": "2027-01-31",
    "done_by": None,
    "done_at": None,
}
_ESCALATION: dict[str, Any] = {
    "escalation_id": "esc_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "project_milestone_id": MILESTONE_ID,
    "project_id": PROJECT_ID,
    "kind": "technical",
    "severity": "high",
    "reason_code": "supplier",
    "status": "pending",
    "blocks_work": True,
    "raised_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "due_at": MOMENT,
    "respond_by": MOMENT,
    "version": 2,
    "level": 1,
    "details": "The third wheel jams.",
    "delay_days": 5,
    "financial_impact_minor_units": 250000,
    "actions": [_ACTION],
    "acknowledged_by": None,
    "acknowledged_at": None,
    "resolved_at": None,
    "ended_at": None,
    "resolution": None,
    "trigger": None,
    "trigger_id": None,
    "escalation_policy_id": None,
    "notified": [USER_ID],
    "is_overdue": False,
    "allowed": ["acknowledge", "escalate", "resolve", "reject"],
}


class EscalationAction(BaseModel):
    """Something that is to be done about an escalation."""

    model_config = answered(_ACTION)

    action_id: str
    title: str
    created_by: str
    created_at: str
    user_id: str | None = Field(description="Who is to do it.")
    due_on: str | None
    done_by: str | None
    done_at: str | None


class Escalation(BaseModel):
    """An escalation of a milestone."""

    model_config = answered(_ESCALATION)

    escalation_id: str
    project_milestone_id: str
    project_id: str
    kind: str
    severity: str
    reason_code: str
    status: str = Field(description="`pending`, `in_progress`, `resolved`, `closed`, `rejected`.")
    blocks_work: bool = Field(description="Whether it stops the milestone while it is open.")
    raised_by: str = Field(description="`system` if it was raised by itself.")
    created_at: str
    updated_at: str
    due_at: str = Field(description="Until when it is to be resolved at its level.")
    respond_by: str | None = Field(
        description="Until when somebody is to acknowledge it at its level; null once somebody has."
    )
    version: int
    level: int = Field(description="How far up it has gone, from 1.")
    details: str
    delay_days: int | None
    financial_impact_minor_units: int | None = Field(
        description="For those who see amounts, in the project's currency."
    )
    actions: list[EscalationAction]
    acknowledged_by: str | None
    acknowledged_at: str | None
    resolved_at: str | None
    ended_at: str | None = Field(description="When it was closed or rejected.")
    resolution: str | None
    trigger: str | None = Field(
        description="What has raised it by itself: `overdue_milestone`, `overdue_verification`, "
        "`approver_unavailable`, `dependency_delay`, `silent_probe`, `failed_payment`."
    )
    trigger_id: str | None = Field(
        description="The day, the layer, the milestone, the probe, or the payment that it is about."
    )
    escalation_policy_id: str | None = Field(description="The policy that applied when it was raised.")
    notified: list[str] = Field(description="Whom its level has told, as long as nobody has acknowledged it.")
    is_overdue: bool
    allowed: list[str] = Field(description="The events that it takes from people now.")


class Escalations(BaseModel):
    """A page of escalations."""

    model_config = answered({"items": [_ESCALATION], "next_cursor": None})

    items: list[Escalation]
    next_cursor: str | None
