"""What callers send about the settings of their invoices. Unknown fields are refused."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from functions.payments.billing.totals import TaxRounding
from functions.payments.gateways.names import Name as GatewayName
from functions.payments.money import amounts
from functions.payments.sent import CurrencyCode, MinorUnits, Name, Word, asked, changed
from functions.payments.settings.approvers import MOST_APPROVALS, Role
from shared.api.whole_numbers import WHOLE

Prefix = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[A-Z0-9]{1,12}$"),
    Field(description="What numbers begin with; it may change, and their counting goes on."),
]


Limits = Annotated[
    dict[CurrencyCode, MinorUnits],
    Field(max_length=20, description="By currency, up to which amount payments are released by themselves."),
]


class FinancingLayerSent(BaseModel):
    """A layer that approves advances of more than an amount."""

    model_config = asked({"currency": "EUR", "above_minor_units": 0, "by": "finance", "approvals": 1})

    currency: CurrencyCode
    above_minor_units: Annotated[int, Field(strict=True, ge=0, le=amounts.LARGEST), WHOLE]
    by: Annotated[Role, Field(description="Who approves: managers and finance of the project, or your admins.")]
    approvals: Annotated[
        int, Field(strict=True, ge=1, le=MOST_APPROVALS, description="How many people it takes."), WHOLE
    ] = 1


class SellerSent(BaseModel):
    """Who invoices are from, as they print it."""

    model_config = asked({"name": "Analytical Engines Ltd", "address": ["1 Dorset Street", "London"]})

    name: Name
    address: Annotated[list[Name], Field(min_length=1, max_length=8, description="Line by line.")]
    tax_ids: Annotated[list[Word], Field(max_length=4, description="Such as a VAT number.")] = []
    email: Name | None = None


class PaymentSettingsPatch(BaseModel):
    """Settings that are to change."""

    model_config = changed({"seller": {"name": "Analytical Engines Ltd", "address": ["1 Dorset Street", "London"]}})

    seller: SellerSent | None = None
    invoice_prefix: Prefix = "INV"
    credit_note_prefix: Prefix = "CN"
    tax_rounding: Annotated[
        TaxRounding, Field(description="Whether tax is rounded once per rate, or on each line.")
    ] = "document"

    gateway: Annotated[GatewayName, Field(description="What makes payments.")] = "ledger"
    auto_release_limits: Limits = {}
    financing_layers: Annotated[
        list[FinancingLayerSent],
        Field(max_length=20, description="Who approves advances, by amount; without one for an amount, one admin."),
    ] = []

    def fields(self) -> dict[str, Any]:
        """Return what was sent."""
        return self.model_dump(include=self.model_fields_set)
