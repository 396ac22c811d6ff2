"""What callers send about escalations. Unknown fields are refused."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from functions.projects.escalations import Kind, ReasonCode, Severity
from functions.projects.sent import Day, MinorUnits, Name, Passage, Reason, UserId, asked
from shared import ids
from shared.api.whole_numbers import WHOLE

DelayDays = Annotated[int, Field(strict=True, ge=1, le=3650, description="How late the milestone will be."), WHOLE]


def _user(text: str) -> str:
    if not ids.is_valid(text, "user"):
        raise ValueError("must be the id of a user")
    return text


class EscalationDraft(BaseModel):
    """A new escalation."""

    model_config = asked(
        {
            "project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H",
            "kind": "technical",
            "severity": "high",
            "reason_code": "supplier",
            "details": "The third wheel jams.",
            "blocks_work": True,
        }
    )

    project_milestone_id: Annotated[str, Field(strict=True, max_length=64, description="What it is about.")]
    kind: Annotated[Kind, Field(description="A milestone has one open escalation of each kind.")]
    severity: Annotated[Severity, Field(description="Due in 4, 24, 48 or 72 hours.")]
    reason_code: ReasonCode
    details: Passage = ""
    delay_days: DelayDays | None = None
    financial_impact_minor_units: Annotated[
        MinorUnits | None, Field(description="In the currency of the project; from those who see amounts.")
    ] = None
    blocks_work: Annotated[bool, Field(strict=True, description="Whether it stops the milestone while it is open.")] = (
        False
    )

    def fields(self) -> dict[str, Any]:
        """Return the fields of the escalation itself."""
        return self.model_dump(exclude={"project_milestone_id"})


class EscalationReasonSent(BaseModel):
    """Why an escalation is rejected."""

    model_config = asked({"reason": "The wheel is as it was ordered."})

    reason: Reason


class EscalationResolved(BaseModel):
    """How an escalation was resolved."""

    model_config = asked({"resolution": "The wheel was replaced."})

    resolution: Reason


class EscalationActionDraft(BaseModel):
    """Something that is to be done about an escalation."""

    model_config = asked({"title": "Order another wheel", "due_on": "2027-01-31"})

    title: Name
    user_id: Annotated[
        Annotated[UserId, AfterValidator(_user)] | None, Field(description="Who is to do it: a member of the project.")
    ] = None
    due_on: Day | None = None
