"""What callers send about financing requests. Unknown fields are refused."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from functions.payments.financing.annuity import MOST_INSTALMENTS
from functions.payments.financing.requesting import MOST_PLEDGES, Asked
from functions.payments.money import rates
from functions.payments.sent import CurrencyCode, MilestoneId, MinorUnits, Note, Percent, Reason, asked
from shared.api.whole_numbers import WHOLE

_MILESTONE_ID = "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H"
InvoiceId = Annotated[str, StringConstraints(strict=True, max_length=64)]


class FinancingRequested(BaseModel):
    """The advance that is asked for, and what is pledged for it: milestones, invoices, or both."""

    model_config = asked(
        {
            "amount_minor_units": 25000000,
            "currency": "EUR",
            "yearly_percent": "12",
            "instalment_count": 12,
            "project_milestone_ids": [_MILESTONE_ID],
        }
    )

    amount_minor_units: Annotated[MinorUnits, Field(description="At most 80 % of what is pledged.")]
    currency: Annotated[CurrencyCode, Field(description="ISO 4217; that of the project.")]
    yearly_percent: Annotated[Percent, Field(description="The interest of a year.")]
    instalment_count: Annotated[
        int, Field(strict=True, ge=1, le=MOST_INSTALMENTS, description="In how many months it is repaid."), WHOLE
    ]
    project_milestone_ids: Annotated[
        list[MilestoneId],
        Field(max_length=MOST_PLEDGES, description="Verified ones: what is not invoiced of them yet is pledged."),
    ] = []
    invoice_ids: Annotated[
        list[InvoiceId],
        Field(max_length=MOST_PLEDGES, description="Issued and unpaid ones of verified milestones."),
    ] = []
    purpose: Annotated[Note, Field(description="What it is for.")] = ""

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        named = [*self.project_milestone_ids, *self.invoice_ids]
        if not 0 < len(named) <= MOST_PLEDGES:
            raise ValueError(f"project_milestone_ids: must be 1 to {MOST_PLEDGES} together with invoice_ids")
        if len({*named}) < len(named):
            raise ValueError("project_milestone_ids: must have each once, as invoice_ids must")
        return self

    def asked(self) -> Asked:
        """Return what is asked for."""
        return Asked(
            self.amount_minor_units,
            self.currency,
            rates.from_percent(self.yearly_percent),
            self.instalment_count,
            self.purpose,
            self.project_milestone_ids,
            self.invoice_ids,
        )


class FinancingApproved(BaseModel):
    """What somebody says who approves an advance."""

    model_config = asked({"note": "The client is good for it."})

    note: Note = ""


class FinancingRepaid(BaseModel):
    """What is repaid of an advance."""

    model_config = asked({"amount_minor_units": 7107903})

    amount_minor_units: Annotated[MinorUnits | None, Field(description="By default all that is owed today.")] = None


class FinancingRejected(BaseModel):
    """Why an advance is rejected or withdrawn."""

    model_config = asked({"reason": "The rate is too high."})

    reason: Reason
