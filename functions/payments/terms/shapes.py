"""What callers send about terms. Unknown fields are refused."""

import itertools
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from functions.payments.billing.totals import TaxCategory
from functions.payments.money import rates
from functions.payments.sent import HalfPercent, Percent, Word, asked
from functions.payments.terms.terms import MOST_NET_DAYS, Trigger
from shared.api.whole_numbers import WHOLE

_MOST_DAYS = 3650


def _rising(thresholds: list[int]) -> list[int]:
    if any(each >= after for each, after in itertools.pairwise(thresholds)):
        raise ValueError("must rise")
    if thresholds and thresholds[-1] != 100:
        raise ValueError("must end with 100")
    return thresholds


Threshold = Annotated[int, Field(strict=True, ge=1, le=100), WHOLE]


class PaymentTermsSent(BaseModel):
    """The terms on which a milestone is invoiced; what is not sent has its default."""

    model_config = asked({"trigger": "verification", "net_days": 30, "retention_percent": "10", "tax_percent": "18"})

    trigger: Annotated[Trigger, Field(description="What a milestone must have come to before it is invoiced.")] = (
        "verification"
    )
    thresholds: Annotated[
        list[Threshold],
        Field(max_length=20, description="With `progress`: at which percentages the amount up to there is invoiced."),
        AfterValidator(_rising),
    ] = []
    net_days: Annotated[
        int, Field(strict=True, ge=0, le=MOST_NET_DAYS, description="Until when an invoice is due."), WHOLE
    ] = 30
    end_of_month: Annotated[bool, Field(strict=True, description="Whether they count from the end of the month.")] = (
        False
    )
    retention_percent: Annotated[HalfPercent, Field(description="What is kept back of the net, 50 at most.")] = "0"
    retention_days: Annotated[
        Annotated[int, Field(strict=True, ge=1, le=_MOST_DAYS), WHOLE] | None,
        Field(description="After how many days what was kept back is invoiced; without them, once the project is."),
    ] = None
    tax_category: Annotated[TaxCategory, Field(description="Only `standard` is taxed.")] = "standard"
    tax_percent: Annotated[Percent, Field(description="Of the taxable amount.")] = "0"
    tax_note: Annotated[Word | None, Field(description="Why nothing is taxed, as invoices print it.")] = None
    auto_invoice: Annotated[bool, Field(strict=True, description="Whether the trigger issues the invoice.")] = True
    auto_release: Annotated[
        bool, Field(strict=True, description="Whether the payment may be released without a person.")
    ] = True

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if (self.trigger == "progress") != bool(self.thresholds):
            raise ValueError("thresholds: must be given with the trigger progress, and only then")
        if self.tax_category != "standard" and rates.from_percent(self.tax_percent):
            raise ValueError("tax_percent: must be 0 with this tax_category")
        return self

    def fields(self) -> dict[str, Any]:
        """Return the terms as they are stored, rates in millionths."""
        sent = self.model_dump()
        return {
            **{name: value for name, value in sent.items() if not name.endswith("_percent")},
            "retention_rate": rates.from_percent(self.retention_percent),
            "tax_rate": rates.from_percent(self.tax_percent),
        }
