"""What callers send about payments. Unknown fields are refused."""

from typing import Annotated

from pydantic import BaseModel, Field

from functions.payments.money import amounts
from functions.payments.releases.disputes import Split
from functions.payments.sent import MinorUnits, Reason, Word, asked
from shared.api.whole_numbers import WHOLE

Part = Annotated[int, Field(strict=True, ge=0, le=amounts.LARGEST), WHOLE]


class PaymentHeld(BaseModel):
    """Why a payment is held."""

    model_config = asked({"reason": "The client asked for another account."})

    reason: Reason


class PaymentConfirmed(BaseModel):
    """What became of a payment."""

    model_config = asked({"is_made": True, "reference": "Statement 12, line 3"})

    is_made: Annotated[bool, Field(strict=True, description="False: the money has certainly not moved.")]
    reference: Annotated[Word | None, Field(description="What the bank calls it.")] = None


class PaymentRefunded(BaseModel):
    """What is to be paid back."""

    model_config = asked({"amount_minor_units": 10000, "reason": "A wheel was missing."})

    amount_minor_units: Annotated[MinorUnits | None, Field(description="By default all that is left.")] = None
    reason: Reason


class PaymentDisputed(BaseModel):
    """Why a payment is not right."""

    model_config = asked({"reason": "A wheel is missing."})

    reason: Reason


class DisputeResolved(BaseModel):
    """How a dispute is settled; both amounts together are what is due of the invoice."""

    model_config = asked({"release_minor_units": 33177500, "refund_minor_units": 10000, "resolution": "Without it."})

    release_minor_units: Annotated[Part, Field(description="What goes to the payee.")]
    refund_minor_units: Annotated[Part, Field(description="What goes back to the client.")]
    resolution: Reason

    def split(self) -> Split:
        """Return the split."""
        return Split(self.release_minor_units, self.refund_minor_units, self.resolution)
