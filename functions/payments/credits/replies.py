"""What callers are answered about credit notes."""

from typing import Any

from pydantic import BaseModel, Field

from functions.payments.invoices.replies import AMOUNTS, INVOICE_ID, MOMENT, PROJECT_ID, TAX, USER_ID, Amounts
from functions.payments.replies import answered

_LINE: dict[str, Any] = {"number": 1, "net_minor_units": 31250000}
_NOTE: dict[str, Any] = {
    "credit_note_id": "crn_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "invoice_id": INVOICE_ID,
    "invoice_number": "INV-202611-0001",
    "project_id": PROJECT_ID,
    "number": "CN-202611-0001",
    "currency": "EUR",
    "issued_at": MOMENT,
    "issued_on": "2026-11-20",
    "created_by": USER_ID,
    "lines": [_LINE],
    "reason": "The order was withdrawn.",
    **AMOUNTS,
    "taxes": [TAX],
}


class CreditedLine(BaseModel):
    """What is credited of a line."""

    model_config = answered(_LINE)

    number: int
    net_minor_units: int


class CreditNote(Amounts):
    """A credit note; its amounts are positive, and taken from those of the invoice."""

    model_config = answered(_NOTE)

    credit_note_id: str
    invoice_id: str
    invoice_number: str
    project_id: str
    number: str
    currency: str
    issued_at: str
    issued_on: str
    created_by: str
    lines: list[CreditedLine] = Field(description="Of the invoice, by their numbers.")
    reason: str


class CreditNotes(BaseModel):
    """A page of credit notes."""

    model_config = answered({"items": [_NOTE], "next_cursor": None})

    items: list[CreditNote]
    next_cursor: str | None
