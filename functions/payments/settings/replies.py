"""What callers are answered about the settings of their invoices."""

from typing import Any

from pydantic import BaseModel, Field

from functions.payments.replies import answered

SELLER: dict[str, Any] = {
    "name": "Analytical Engines Ltd",
    "address": ["1 Dorset Street", "London"],
    "tax_ids": ["GB123456789"],
    "email": "accounts@analytical.example",
}
_LAYER: dict[str, Any] = {"currency": "EUR", "above_minor_units": 0, "by": "finance", "approvals": 1}
_SETTINGS: dict[str, Any] = {
    "version": 1,
    "updated_at": "2026-11-20T09:30:00.000Z",
    "updated_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "seller": SELLER,
    "bank_lines": ["IBAN GB33BUKB20201555555555"],
    "invoice_prefix": "INV",
    "credit_note_prefix": "CN",
    "tax_rounding": "document",
    "gateway": "ledger",
    "auto_release_limits": {"EUR": 5000000},
    "financing_layers": [_LAYER],
}


class Party(BaseModel):
    """Who an invoice is from, or to."""

    model_config = answered(SELLER)

    name: str
    address: list[str]
    tax_ids: list[str]
    email: str | None


class FinancingLayer(BaseModel):
    """A layer that approves advances of more than an amount."""

    model_config = answered(_LAYER)

    currency: str
    above_minor_units: int
    by: str = Field(description="`finance`: managers and finance of the project; `admin`: your admins.")
    approvals: int = Field(description="How many people it takes.")


class PaymentSettings(BaseModel):
    """The settings of a tenant for its invoices."""

    model_config = answered(_SETTINGS)

    version: int = Field(description="How often they were changed, for `If-Match`; 0 for the defaults.")
    updated_at: str | None
    updated_by: str | None
    seller: Party | None = Field(description="Who invoices are from; nothing is issued without it.")
    bank_lines: list[str] = Field(
        description="What invoices print until a payee in effect has `invoice_lines`; nobody changes it."
    )
    invoice_prefix: str
    credit_note_prefix: str
    tax_rounding: str = Field(description="`document` or `line`.")
    gateway: str = Field(description="`ledger`, `manual` or `stripe`.")
    auto_release_limits: dict[str, int] = Field(
        description="By currency, up to which minor units payments are released by themselves; none without one."
    )
    financing_layers: list[FinancingLayer] = Field(description="Who approves advances, by amount.")
