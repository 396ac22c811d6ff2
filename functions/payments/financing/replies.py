"""What callers are answered about financing requests."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from functions.payments.replies import answered
from shared.api.reference import Problem

MOMENT = "2026-11-20T09:30:00.000Z"
USER_ID = "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"
_DECISION: dict[str, Any] = {
    "user_id": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z9",
    "is_approval": True,
    "decided_at": MOMENT,
    "note": "The client is good for it.",
}
_LAYER: dict[str, Any] = {
    "above_minor_units": 0,
    "by": "admin",
    "approvals": 2,
    "outcome": "open",
    "decisions": [_DECISION],
}
_PLEDGE: dict[str, Any] = {
    "project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "invoice_id": None,
    "percentage": "100",
    "worth_minor_units": 31250000,
}
FINANCING: dict[str, Any] = {
    "financing_id": "fin_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "project_id": "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "status": "pending",
    "amount_minor_units": 25000000,
    "currency": "EUR",
    "yearly_percent": "12",
    "instalment_count": 12,
    "purpose": "Wheels for the next mill.",
    "layers": [_LAYER],
    "pledges": [_PLEDGE],
    "requested_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 2,
    "approved_at": None,
    "ended_at": None,
    "ended_by": None,
    "reason": None,
    "allowed": ["approve", "reject"],
}


class FinancingDecision(BaseModel):
    """What somebody has decided."""

    model_config = answered(_DECISION)

    user_id: str
    is_approval: bool
    decided_at: str
    note: str


class ApprovalLayer(BaseModel):
    """A layer that approves an advance."""

    model_config = answered(_LAYER)

    above_minor_units: int = Field(description="It is for advances of more than this.")
    by: str = Field(description="`finance`: managers and finance of the project; `admin`: your admins.")
    approvals: int = Field(description="How many people it takes.")
    outcome: str = Field(description="`open`, `approved` or `rejected`.")
    decisions: list[FinancingDecision]


class FinancingPledge(BaseModel):
    """What is pledged for an advance."""

    model_config = answered(_PLEDGE)

    project_milestone_id: str
    invoice_id: str | None = Field(description="Null for what was not invoiced yet of the milestone.")
    percentage: str = Field(description="Which share of the milestone it is.")
    worth_minor_units: int = Field(description="What was to be paid of it when it was pledged.")


class Financing(BaseModel):
    """A financing request."""

    model_config = answered(FINANCING)

    financing_id: str
    project_id: str
    status: str = Field(description="A status of docs/financing.md.")
    amount_minor_units: int
    currency: str
    yearly_percent: str
    instalment_count: int = Field(description="In how many months it is repaid.")
    purpose: str
    layers: list[ApprovalLayer]
    pledges: list[FinancingPledge]
    requested_by: str
    created_at: str
    updated_at: str
    version: int
    approved_at: str | None
    ended_at: str | None = Field(description="When it was rejected or withdrawn.")
    ended_by: str | None
    reason: str | None = Field(description="Why it was rejected or withdrawn.")
    allowed: list[str] = Field(description="What its status takes from people.")


class FinancingRequests(BaseModel):
    """A page of financing requests."""

    model_config = answered({"items": [FINANCING], "next_cursor": None})

    items: list[Financing]
    next_cursor: str | None


class FinancingTransitionProblem(Problem):
    """What every refusal answers (RFC 9457); `FinancingTransitionNotAllowed` says more."""

    from_: Annotated[str | None, Field(alias="from", description="The status of the request.")] = None
    event: Annotated[str | None, Field(description="What was asked for.")] = None
    allowed: Annotated[list[str] | None, Field(description="What the status takes from people.")] = None
