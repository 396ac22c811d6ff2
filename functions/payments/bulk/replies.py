"""What callers are answered about several invoices."""

from typing import Any

from pydantic import BaseModel, Field

from functions.payments.invoices.replies import INVOICE_ID, MILESTONE_ID
from functions.payments.replies import answered
from shared.jobs.replies import Job

__all__ = ["InvoiceOutcome", "InvoiceOutcomes", "Job"]

_ISSUED: dict[str, Any] = {
    "project_milestone_id": MILESTONE_ID,
    "invoice_id": INVOICE_ID,
    "number": "INV-202611-0001",
    "status": "issued",
    "code": None,
    "detail": None,
}


class InvoiceOutcome(BaseModel):
    """What became of one of several invoices: which it is, or the code of a refusal."""

    project_milestone_id: str
    invoice_id: str | None
    number: str | None
    status: str | None
    code: str | None = Field(description="As `code` of a problem; `NotTried` if the request took too long before.")
    detail: str | None


class InvoiceOutcomes(BaseModel):
    """What became of invoices, in their order."""

    model_config = answered({"items": [_ISSUED]})

    items: list[InvoiceOutcome]
