"""What callers are answered about payments."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from functions.payments.replies import answered
from shared.api.reference import Problem

MOMENT = "2026-11-20T09:30:00.000Z"
PAYMENT_ID = "pay_01KAEY5R7C2N8V4X6Z9B1D3F5H"

_ATTEMPT: dict[str, Any] = {
    "number": 1,
    "key": PAYMENT_ID,
    "gateway": "ledger",
    "claimed_at": MOMENT,
    "ended_at": MOMENT,
    "outcome": "made",
    "reason": None,
    "reference": PAYMENT_ID,
}
_REFUND: dict[str, Any] = {
    "refund_id": "rfd_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "amount_minor_units": 10000,
    "reason": "A wheel was missing.",
    "refunded_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "refunded_at": MOMENT,
}
_DISPUTE: dict[str, Any] = {
    "opened_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "opened_at": MOMENT,
    "reason": "A wheel is missing.",
    "release_minor_units": None,
    "refund_minor_units": None,
    "resolution": None,
    "resolved_by": None,
    "resolved_at": None,
}
PAYMENT: dict[str, Any] = {
    "payment_id": PAYMENT_ID,
    "project_id": "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "invoice_id": "inv_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "kind": "milestone",
    "sequence": 1,
    "amount_minor_units": 33187500,
    "currency": "EUR",
    "created_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "auto_release": True,
    "status": "completed",
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 4,
    "held_from": None,
    "reasons": [],
    "note": None,
    "gateway": "ledger",
    "attempt": 1,
    "key": PAYMENT_ID,
    "claimed_at": MOMENT,
    "is_unsure": False,
    "is_late": False,
    "due_at": None,
    "reference": PAYMENT_ID,
    "failure": None,
    "requested_by": "milepost",
    "requested_at": MOMENT,
    "settled_at": MOMENT,
    "refunded_minor_units": 0,
    "refunding_minor_units": 0,
    "is_from_escrow": False,
    "dispute": None,
    "allowed": ["refund"],
}


class PaymentAttempt(BaseModel):
    """What a gateway was asked once, and what came of it."""

    model_config = answered(_ATTEMPT)

    number: int
    key: str = Field(description="The idempotency key that it was asked with.")
    gateway: str
    claimed_at: str = Field(description="When it was about to be asked.")
    ended_at: str | None
    outcome: str | None = Field(description="`made` or `refused`; null while it is not known.")
    reason: str | None = Field(description="Why it failed.")
    reference: str | None = Field(description="What the gateway calls it.")


class PaymentRefund(BaseModel):
    """What was paid back of a payment."""

    model_config = answered(_REFUND)

    refund_id: str
    amount_minor_units: int
    reason: str
    refunded_by: str | None
    refunded_at: str


class PaymentDispute(BaseModel):
    """What somebody finds wrong with a payment, and how a third person has settled it."""

    model_config = answered(_DISPUTE)

    opened_by: str
    opened_at: str
    reason: str
    release_minor_units: int | None = Field(description="What goes to the payee; null while it is open, as the rest.")
    refund_minor_units: int | None = Field(description="What goes back to the client.")
    resolution: str | None
    resolved_by: str | None
    resolved_at: str | None


class Payment(BaseModel):
    """The payment of an invoice."""

    model_config = answered(PAYMENT)

    payment_id: str
    project_id: str
    project_milestone_id: str
    invoice_id: str
    kind: str = Field(description="`milestone`, `partial` or `retention`, as its invoice.")
    sequence: int = Field(description="That of its invoice.")
    amount_minor_units: int = Field(
        description="What is released: what is still due of the invoice when it is claimed."
    )
    currency: str
    created_by: str
    auto_release: bool = Field(description="Whether it is released by itself where the rules allow it.")
    status: str = Field(description="A status of docs/paying.md.")
    created_at: str
    updated_at: str
    version: int
    held_from: str | None = Field(description="The status that a hold has stopped.")
    reasons: list[str] = Field(description="What it waits for, or why it is held or cancelled.")
    note: str | None = Field(description="What the person said who held it.")
    gateway: str | None
    attempt: int = Field(description="How often a gateway was asked to make it.")
    key: str | None = Field(description="The idempotency key of the present attempt.")
    claimed_at: str | None
    is_unsure: bool = Field(description="Whether nobody knows yet what became of the present attempt.")
    is_late: bool = Field(description="Whether the gateway has taken it more than a week ago.")
    due_at: str | None = Field(description="When it is looked at next by itself.")
    reference: str | None = Field(description="What the gateway calls it.")
    failure: str | None = Field(description="Why the last attempt has failed.")
    requested_by: str | None = Field(description="Who asked for its release; `milepost` by itself.")
    requested_at: str | None
    settled_at: str | None
    refunded_minor_units: int
    refunding_minor_units: int = Field(description="What the gateway is asked to pay back now.")
    is_from_escrow: bool = Field(description="Whether the present attempt draws on the deposits of the project.")
    dispute: PaymentDispute | None
    allowed: list[str] = Field(description="The events that its status takes from people.")


class PaymentWithAttempts(Payment):
    """The payment of an invoice, how often a gateway was asked to make it, and what was paid back of it."""

    model_config = answered(PAYMENT | {"attempts": [_ATTEMPT], "refunds": []})

    attempts: list[PaymentAttempt]
    refunds: list[PaymentRefund] = Field(description="The first hundred.")


class Payments(BaseModel):
    """A page of payments."""

    model_config = answered({"items": [PAYMENT], "next_cursor": None})

    items: list[Payment]
    next_cursor: str | None


class PaymentTransitionProblem(Problem):
    """What every refusal answers (RFC 9457); `PaymentTransitionNotAllowed` says more."""

    from_: Annotated[str | None, Field(alias="from", description="The status of the payment.")] = None
    event: Annotated[str | None, Field(description="What was asked for.")] = None
    allowed: Annotated[list[str] | None, Field(description="The events that the status takes.")] = None
