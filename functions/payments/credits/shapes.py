"""What callers send about credit notes. Unknown fields are refused."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from functions.payments.credits.crediting import Lines
from functions.payments.sent import MinorUnits, Reason, asked
from shared.api.whole_numbers import WHOLE


class CreditedLineSent(BaseModel):
    """What is credited of a line."""

    model_config = asked({"number": 1, "net_minor_units": 5000})

    number: Annotated[int, Field(strict=True, ge=1, le=50, description="Of the line, from 1."), WHOLE]
    net_minor_units: Annotated[MinorUnits | None, Field(description="By default all that is left of it.")] = None


def _distinct(lines: list[CreditedLineSent]) -> list[CreditedLineSent]:
    if len({each.number for each in lines}) < len(lines):
        raise ValueError("must have each line once")
    return lines


class CreditNoteDraft(BaseModel):
    """What is to be credited of an invoice."""

    model_config = asked({"reason": "Two wheels less.", "lines": [{"number": 1, "net_minor_units": 5000}]})

    reason: Reason
    lines: Annotated[
        list[CreditedLineSent],
        Field(max_length=50, description="Without any, all that is left of the invoice."),
        AfterValidator(_distinct),
    ] = []

    def asked(self) -> Lines | None:
        """Return which lines are credited, None for all."""
        return {each.number: each.net_minor_units for each in self.lines} or None


class InvoiceCancelled(BaseModel):
    """Why an invoice is cancelled."""

    model_config = asked({"reason": "The order was withdrawn."})

    reason: Reason
