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
    "disbursed_at": None,
    "disbursed_on": None,
    "disbursed_by": None,
    "principal_repaid_minor_units": 0,
    "interest_paid_minor_units": 0,
    "outstanding_minor_units": 0,
    "next_due_on": None,
    "defaulted_at": None,
    "allowed": ["approve", "reject"],
}
_OF: dict[str, Any] = {"financing_id": FINANCING["financing_id"], "currency": "EUR", "status": "active"}
_INSTALMENT: dict[str, Any] = {
    "number": 1,
    "due_on": "2026-12-20",
    "amount_minor_units": 2221220,
    "principal_minor_units": 1971220,
    "interest_minor_units": 250000,
    "paid_minor_units": 0,
}
_SCHEDULE: dict[str, Any] = {
    **_OF,
    "as_of": "2026-11-20",
    "due_minor_units": 0,
    "accrued_minor_units": 0,
    "payoff_minor_units": 25000000,
    "instalments": [_INSTALMENT],
}
_REPAYMENT: dict[str, Any] = {
    "number": 1,
    "repaid_on": "2026-12-20",
    "repaid_at": "2026-12-20T09:30:00.000Z",
    "principal_minor_units": 1971220,
    "interest_minor_units": 250000,
    "outstanding_minor_units": 23028780,
    "repaid_by": USER_ID,
    "payment_id": None,
    "passed_on_minor_units": 0,
}
_STATEMENT: dict[str, Any] = {
    **_OF,
    "advanced_minor_units": 25000000,
    "advanced_on": "2026-11-20",
    "principal_repaid_minor_units": 1971220,
    "interest_paid_minor_units": 250000,
    "outstanding_minor_units": 23028780,
    "next_due_on": "2027-01-20",
    "payoff_minor_units": 23028780,
    "items": [_REPAYMENT],
    "next_cursor": None,
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
    ended_at: str | None = Field(description="When it was rejected, withdrawn or repaid.")
    ended_by: str | None
    reason: str | None = Field(description="Why it was rejected or withdrawn.")
    disbursed_at: str | None
    disbursed_on: str | None = Field(description="The day in the zone of your tenant, from which instalments count.")
    disbursed_by: str | None
    principal_repaid_minor_units: int
    interest_paid_minor_units: int
    outstanding_minor_units: int = Field(description="What is left of the advance, without interest.")
    next_due_on: str | None = Field(description="When the oldest instalment is due of which something is left.")
    defaulted_at: str | None
    allowed: list[str] = Field(description="What its status takes from people.")


class Instalment(BaseModel):
    """An instalment, and what of it is paid."""

    model_config = answered(_INSTALMENT)

    number: int
    due_on: str
    amount_minor_units: int
    principal_minor_units: int
    interest_minor_units: int
    paid_minor_units: int


class FinancingSchedule(BaseModel):
    """The instalments of an advance, and what is owed of it."""

    model_config = answered(_SCHEDULE)

    financing_id: str
    currency: str
    status: str
    as_of: str = Field(description="The present day in the zone of your tenant.")
    due_minor_units: int = Field(description="What of the instalments is due by then.")
    accrued_minor_units: int = Field(description="The interest since the last of them.")
    payoff_minor_units: int = Field(description="What ends the debt on that day.")
    instalments: list[Instalment]


class Repayment(BaseModel):
    """What was repaid at once."""

    model_config = answered(_REPAYMENT)

    number: int
    repaid_on: str
    repaid_at: str
    principal_minor_units: int
    interest_minor_units: int
    outstanding_minor_units: int = Field(description="What was left of the advance after it.")
    repaid_by: str | None
    payment_id: str | None = Field(description="The payment whose pledged money it was.")
    passed_on_minor_units: int = Field(description="What of that payment was not owed, and is the payee's.")


class FinancingStatement(BaseModel):
    """What was advanced, and a page of what was repaid."""

    model_config = answered(_STATEMENT)

    financing_id: str
    currency: str
    status: str
    advanced_minor_units: int
    advanced_on: str | None
    principal_repaid_minor_units: int
    interest_paid_minor_units: int
    outstanding_minor_units: int
    next_due_on: str | None
    payoff_minor_units: int = Field(description="What ends the debt today.")
    items: list[Repayment]
    next_cursor: str | None


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
