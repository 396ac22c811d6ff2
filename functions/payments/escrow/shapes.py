"""What callers send about deposits. Unknown fields are refused."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from functions.payments.sent import CurrencyCode, MinorUnits, Reason, asked


class DepositDraft(BaseModel):
    """What is deposited for a project."""

    model_config = asked({"amount_minor_units": 5000000, "currency": "EUR"})

    amount_minor_units: Annotated[MinorUnits, Field(description="In the currency, such as cents.")]
    currency: Annotated[CurrencyCode, Field(description="ISO 4217; that of the project.")]

    def fields(self) -> dict[str, Any]:
        """Return the fields that were sent."""
        return self.model_dump()


class DepositReturned(BaseModel):
    """What is paid back of the deposits for a project."""

    model_config = asked({"amount_minor_units": 500, "reason": "The project is over."})

    amount_minor_units: Annotated[MinorUnits | None, Field(description="By default all that is left.")] = None
    reason: Reason
