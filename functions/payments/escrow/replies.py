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
_HELD: dict[str, Any] = {
    "project_id": _PROJECT_ID,
    "currency": "EUR",
    "deposited_minor_units": 5000000,
    "released_minor_units": 1250000,
    "pending_minor_units": 0,
    "available_minor_units": 3750000,
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


class Deposits(BaseModel):
    """What is held of all deposits for a project."""

    model_config = answered(_HELD)

    project_id: str
    currency: str
    deposited_minor_units: int
    released_minor_units: int
    pending_minor_units: int = Field(description="On its way out, and not certain yet.")
    available_minor_units: int = Field(description="What payments of the project may still be released from.")
