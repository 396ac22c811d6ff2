"""What callers are answered about invoices."""

from typing import Any

from pydantic import BaseModel, Field

from functions.payments.replies import answered
from functions.payments.settings.replies import SELLER, Party
from functions.payments.terms.replies import TERMS, PaymentTerms

MOMENT = "2026-11-20T09:30:00.000Z"
INVOICE_ID = "inv_01KAEY5R7C2N8V4X6Z9B1D3F5H"
USER_ID = "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"
PROJECT_ID = "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H"
MILESTONE_ID = "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H"

_LINE: dict[str, Any] = {
    "number": 1,
    "description": "Mill assembled",
    "quantity": "1",
    "unit_price_minor_units": None,
    "net_minor_units": 31250000,
    "tax_category": "standard",
    "tax_percent": "18",
    "credited_minor_units": 0,
}
_UNPRINTABLE: dict[str, Any] = {"field": "buyer", "characters": "\u0639"}
TAX: dict[str, Any] = {
    "tax_category": "standard",
    "tax_percent": "18",
    "net_minor_units": 31250000,
    "retention_minor_units": 3125000,
    "taxable_minor_units": 28125000,
    "tax_minor_units": 5062500,
}
AMOUNTS: dict[str, Any] = {
    "net_minor_units": 31250000,
    "retention_minor_units": 3125000,
    "taxable_minor_units": 28125000,
    "tax_minor_units": 5062500,
    "payable_minor_units": 33187500,
}
_SENDING: dict[str, Any] = {
    "number": 1,
    "status": "sent",
    "to": "accounts@society.example",
    "requested_by": USER_ID,
    "requested_at": MOMENT,
    "reason": None,
}
_INVOICE: dict[str, Any] = {
    "invoice_id": INVOICE_ID,
    "project_id": PROJECT_ID,
    "project_milestone_id": MILESTONE_ID,
    "kind": "milestone",
    "status": "issued",
    "currency": "EUR",
    "created_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
    "sequence": 1,
    "attempt": 1,
    "number": "INV-202611-0001",
    "issued_at": MOMENT,
    "issued_on": "2026-11-20",
    "supplied_on": "2026-11-20",
    "due_on": "2026-12-20",
    "note": "",
    "paid_minor_units": 0,
    "credited_minor_units": 0,
    "credit_notes": 0,
    "sent_at": None,
    "sending": None,
    "paid_at": None,
    "last_paid_on": None,
    "cancelled_at": None,
    "retention_of": None,
    "retention_invoice_id": None,
    "payment_id": "pay_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "percentage": "100",
    "lines": [_LINE],
    **AMOUNTS,
    "taxes": [TAX],
    "terms": TERMS,
    "seller": SELLER,
    "buyer": SELLER | {"name": "Royal Society", "address": ["London"], "tax_ids": [], "email": None},
    "bank_lines": ["IBAN GB33BUKB20201555555555"],
    "amount_due_minor_units": 33187500,
    "is_overdue": False,
    "allowed": ["cancel", "credit", "record_payment", "invoice_retention"],
    "unprintable": [],
}


class InvoiceLine(BaseModel):
    """A line of an invoice."""

    model_config = answered(_LINE)

    number: int = Field(description="From 1.")
    description: str
    quantity: str
    unit_price_minor_units: int | None
    net_minor_units: int
    tax_category: str
    tax_percent: str
    credited_minor_units: int = Field(description="What credit notes took back of its net.")


class TaxTotal(BaseModel):
    """What the lines of one category and rate come to."""

    model_config = answered(TAX)

    tax_category: str = Field(description="`standard`, `exempt` or `reverse_charge`.")
    tax_percent: str
    net_minor_units: int
    retention_minor_units: int
    taxable_minor_units: int
    tax_minor_units: int


class Amounts(BaseModel):
    """What a document comes to, in minor units of its currency."""

    net_minor_units: int
    retention_minor_units: int = Field(description="What is kept back of the net, and invoiced later.")
    taxable_minor_units: int
    tax_minor_units: int
    payable_minor_units: int
    taxes: list[TaxTotal]


class Unprintable(BaseModel):
    """Characters of a field that no font of the PDF has."""

    model_config = answered(_UNPRINTABLE)

    field: str = Field(description="`seller`, `buyer`, `lines.0`, `terms`, `note` or `bank_lines`.")
    characters: str = Field(description="Each once.")


class InvoiceSending(BaseModel):
    """A mail that brings an invoice to its client."""

    model_config = answered(_SENDING)

    number: int = Field(description="How many there were with this one.")
    status: str = Field(
        description="`waiting`, `claimed` while it goes out, `sent`, `refused`; `unknown` may have arrived; "
        "`bounced` did not, `complained` was taken for spam."
    )
    to: str
    requested_by: str
    requested_at: str
    reason: str | None = Field(description="Why it was refused or is not known.")


class Invoice(Amounts):
    """An invoice of a milestone."""

    model_config = answered(_INVOICE)

    invoice_id: str = Field(description="Empty in a preview.")
    project_id: str
    project_milestone_id: str
    kind: str = Field(description="`milestone`, `partial` or `retention`.")
    status: str = Field(description="`draft`, `issued`, `paid`, `cancelled`.")
    currency: str = Field(description="ISO 4217.")
    created_by: str = Field(description="`system` for one that the milestone's trigger issued.")
    created_at: str
    updated_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")
    sequence: int = Field(description="Counts the issued invoices of a milestone; 0 for drafts.")
    attempt: int = Field(description="At which attempt the milestone was.")
    number: str | None = Field(description="None for drafts.")
    issued_at: str | None
    issued_on: str | None = Field(description="A day in the zone of the tenant, as the next.")
    supplied_on: str | None
    due_on: str | None
    note: str
    paid_minor_units: int
    credited_minor_units: int
    credit_notes: int
    sent_at: str | None = Field(description="When it was last mailed to the client.")
    sending: InvoiceSending | None = Field(description="The latest mail with it; null if there was none.")
    paid_at: str | None
    last_paid_on: str | None = Field(description="The day of the last payment.")
    cancelled_at: str | None
    retention_of: str | None = Field(description="The invoice whose retention it asks for.")
    retention_invoice_id: str | None = Field(description="The invoice that asks for its retention.")
    payment_id: str | None = Field(description="The payment by which its total is released.")
    percentage: str | None = Field(description="Its share of the milestone; None in a draft for all that is left.")
    lines: list[InvoiceLine]
    terms: PaymentTerms
    seller: Party | None
    buyer: Party | None
    bank_lines: list[str]
    amount_due_minor_units: int
    is_overdue: bool
    allowed: list[str] = Field(description="What may be done with it.")
    unprintable: list[Unprintable] = Field(description="What its PDF shows as `?`, because no font has it.")


class Invoices(BaseModel):
    """A page of invoices."""

    model_config = answered({"items": [_INVOICE], "next_cursor": None})

    items: list[Invoice]
    next_cursor: str | None
