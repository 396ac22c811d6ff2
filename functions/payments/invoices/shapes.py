"""What callers send about invoices. Unknown fields are refused."""

from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from functions.payments.billing.totals import QUANTITY_ONE, TaxCategory
from functions.payments.invoices.asking import Asked, LineAsked
from functions.payments.money import rates
from functions.payments.sent import (
    Day,
    MilestoneId,
    MinorUnits,
    Name,
    Note,
    Percent,
    Word,
    asked,
    changed,
)

_DECIMALS: Final = 4
Quantity = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[0-9]{1,9}(\.[0-9]{1,4})?$"),
    Field(description="With at most four decimals.", examples=["1.5"]),
]
Share = Annotated[
    Percent,
    Field(description="Which share of the milestone's amount; without it, all that is not invoiced yet."),
]
OwnNote = Annotated[Note, Field(description="A text for the client, below the lines.")]
SupplyDay = Annotated[Day, Field(description="When what is invoiced was supplied; by default the day of issue.")]


def _ten_thousandths(text: str) -> int:
    units, _, decimals = text.partition(".")
    return int(units) * QUANTITY_ONE + int(decimals.ljust(_DECIMALS, "0"))


class InvoiceLineSent(BaseModel):
    """A line of an invoice."""

    model_config = asked({"description": "Assembly", "quantity": "1.5", "unit_price_minor_units": 20000})

    description: Name
    unit_price_minor_units: MinorUnits
    quantity: Quantity = "1"
    tax_category: Annotated[TaxCategory | None, Field(description="By default that of the terms.")] = None
    tax_percent: Annotated[Percent | None, Field(description="By default that of the terms.")] = None

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if self.tax_category not in (None, "standard") and self.tax_percent and rates.from_percent(self.tax_percent):
            raise ValueError("tax_percent: must be 0 with this tax_category")
        return self

    def line(self) -> LineAsked:
        """Return the line that is asked for."""
        rate = None if self.tax_percent is None else rates.from_percent(self.tax_percent)
        quantity = _ten_thousandths(self.quantity)
        return LineAsked(self.description, self.unit_price_minor_units, quantity, self.tax_category, rate)


Lines = Annotated[
    list[InvoiceLineSent],
    Field(max_length=50, description="Together they come to the share; without any there is one for the milestone."),
]


class InvoiceDraft(BaseModel):
    """What is to be invoiced of a milestone."""

    model_config = asked({"percentage": "40"})

    percentage: Share | None = None
    lines: Lines = []
    supplied_on: SupplyDay | None = None
    note: OwnNote = ""
    draft: Annotated[bool, Field(strict=True, description="Whether it waits, without a number.")] = False

    def asked(self) -> Asked:
        """Return what is asked for."""
        share = None if self.percentage is None else rates.from_percent(self.percentage)
        return Asked(share, [each.line() for each in self.lines], self.supplied_on, self.note)


class InvoicePreviewSent(InvoiceDraft):
    """An invoice that is to be looked at, and not made."""

    model_config = asked(
        {"project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H", "percentage": "40"},
    )

    project_milestone_id: MilestoneId


class InvoicePatch(BaseModel):
    """What a draft is to ask for instead."""

    model_config = changed({"percentage": "60"})

    percentage: Share | None = None
    lines: Lines = []
    supplied_on: SupplyDay | None = None
    note: OwnNote = ""

    def fields(self) -> dict[str, Any]:
        """Return what was sent, as `Asked` has it."""
        found: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "lines" in found:
            found["lines"] = [each.line() for each in self.lines]
        if "percentage" in found:
            text = found.pop("percentage")
            found["share"] = None if text is None else rates.from_percent(text)
        return found


class PaymentRecorded(BaseModel):
    """What a client paid of an invoice outside of Milepost."""

    model_config = asked({"amount_minor_units": 33187500, "received_on": "2026-12-20", "reference": "Statement 12"})

    amount_minor_units: Annotated[MinorUnits, Field(description="No more than is due.")]
    received_on: Day
    reference: Word | None = None

    def fields(self) -> dict[str, Any]:
        """Return the fields of the receipt."""
        sent = self.model_dump()
        return sent | {"reference": self.reference or ""}
