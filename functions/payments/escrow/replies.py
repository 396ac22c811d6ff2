"""What callers are answered about deposits."""

from typing import Any

from pydantic import BaseModel, Field

from functions.payments.replies import answered

_PROJECT_ID = "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H"
_DEPOSIT: dict[str, Any] = {
    "deposit_id": "dep_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "project_id": _PROJECT_ID,
    "amount_minor_units": 5000000,
    "currency": "EUR",
    "deposited_at": "2026-11-20T09:30:00.000Z",
    "reference": "dep_01KAEY5R7C2N8V4X6Z9B1D3F5H#deposited",
}
_WAITING: dict[str, Any] = {
    "payment_id": "pay_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "amount_minor_units": 4000000,
    "requested_at": "2026-11-20T09:30:00.000Z",
}
_RETURNED: dict[str, Any] = {
    "deposit_return_id": "dpr_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "project_id": _PROJECT_ID,
    "amount_minor_units": 250000,
    "currency": "EUR",
    "reason": "The last milestone was cancelled.",
    "returned_by": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "returned_at": "2026-11-20T09:30:00.000Z",
    "reference": "dpr_01KAEY5R7C2N8V4X6Z9B1D3F5H#returned",
}
_HELD: dict[str, Any] = {
    "project_id": _PROJECT_ID,
    "escrow": True,
    "currency": "EUR",
    "deposited_minor_units": 5000000,
    "released_minor_units": 1250000,
    "returned_minor_units": 250000,
    "pending_minor_units": 0,
    "available_minor_units": 3500000,
    "waiting": [_WAITING],
    "returns": [_RETURNED],
}


class Deposit(BaseModel):
    """A deposit for a project."""

    model_config = answered(_DEPOSIT)

    deposit_id: str
    project_id: str
    amount_minor_units: int
    currency: str
    deposited_at: str
    reference: str = Field(description="Of its entry in the ledger.")


class WaitingPayment(BaseModel):
    """A payment that the deposits of its project do not cover yet."""

    model_config = answered(_WAITING)

    payment_id: str
    amount_minor_units: int
    requested_at: str = Field(description="When its release was asked for.")


class DepositReturn(BaseModel):
    """What was paid back of the deposits for a project."""

    model_config = answered(_RETURNED)

    deposit_return_id: str
    project_id: str
    amount_minor_units: int
    currency: str
    reason: str
    returned_by: str = Field(description="Who says that it was paid back.")
    returned_at: str
    reference: str = Field(description="Of its entry in the ledger.")


class Deposits(BaseModel):
    """What is held of all deposits for a project."""

    model_config = answered(_HELD)

    project_id: str
    escrow: bool = Field(description="Whether payments of the project are made from its deposits alone.")
    currency: str
    deposited_minor_units: int
    released_minor_units: int = Field(description="What payments of the project were made from.")
    returned_minor_units: int = Field(description="What was paid back to the client.")
    pending_minor_units: int = Field(description="On its way out, and not certain yet.")
    available_minor_units: int = Field(description="What payments of the project may still be released from.")
    waiting: list[WaitingPayment] = Field(
        description="Payments that wait for a deposit, those asked for first at the front; at most a hundred."
    )
    returns: list[DepositReturn] = Field(description="What was paid back, the latest first; at most a hundred.")
