"""What callers send about what leads do and agree to. Unknown fields are refused."""

from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from functions.audience import values
from functions.audience.activity.consents import Given
from functions.audience.activity.orders import Draft
from functions.audience.activity.visits import Visit
from functions.audience.leads import consent
from functions.audience.leads.consent import State
from functions.audience.sent import MOMENT, Count, MinorUnits, Moment, Name, Reference, Word, asked
from shared import clock
from shared.api.whole_numbers import WHOLE
from shared.currencies import DECIMALS

MOST_ITEMS: Final = 50
ORDER: Final[dict[str, Any]] = {
    "order_id": "order-1042",
    "amount_minor_units": 12990,
    "currency": "EUR",
    "ordered_at": MOMENT,
    "items": [{"sku": "tea-black-100", "quantity": 2, "amount_minor_units": 6495}],
}


def _currency(text: str) -> str:
    if text not in DECIMALS:
        raise ValueError("must be a currency of ISO 4217, such as EUR")
    return text


class OrderItem(BaseModel):
    """Something that was ordered."""

    model_config = asked(ORDER["items"][0])

    sku: Word
    name: Name | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=10**9), WHOLE] = 1
    amount_minor_units: Count | None = None


class OrderDraft(BaseModel):
    """An order of a lead, or with `refund_of` a refund of one, whose amount is what was paid back."""

    model_config = asked(ORDER)

    order_id: Reference
    amount_minor_units: MinorUnits
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(_currency)]
    ordered_at: Moment
    items: Annotated[list[OrderItem], Field(max_length=MOST_ITEMS)] = []
    refund_of: Reference | None = None

    def draft(self) -> Draft:
        """Return the order as it is recorded."""
        items = [each.model_dump(exclude_none=True) for each in self.items]
        return Draft(self.order_id, self.amount_minor_units, self.currency, self.ordered_at, items, self.refund_of)


class VisitDraft(BaseModel):
    """A visit of a lead."""

    model_config = asked({"visit_id": "visit-77", "visited_at": MOMENT, "source": "shop"})

    visit_id: Reference
    visited_at: Moment
    source: Word | None = None

    def visit(self) -> Visit:
        """Return the visit as it is recorded."""
        return Visit(self.visit_id, self.visited_at, clock.to_rfc3339(clock.now()), self.source)


class ConsentGiven(BaseModel):
    """What a lead has agreed to or refused."""

    model_config = asked(
        {"subject": "email/newsletter", "state": "granted", "source": "checkout", "text": "Yes, write to me."}
    )

    subject: Annotated[
        str,
        StringConstraints(pattern=consent.PATTERN),
        Field(description="A channel, or a topic of one: `email`, `email/newsletter`."),
    ]
    state: State
    source: Word
    text: Annotated[
        str | None,
        StringConstraints(min_length=1, max_length=2000),
        AfterValidator(lambda text: None if text is None else values.passage(text)),
        Field(description="What they saw. Required to grant a consent."),
    ] = None

    @model_validator(mode="after")
    def _seen(self) -> Self:
        if self.state == "granted" and self.text is None:
            raise ValueError("text is required to grant a consent: what did they see?")
        return self

    def given(self) -> Given:
        """Return what was given as it is recorded."""
        return Given(self.subject, self.state, self.source, self.text)


class MergeAsked(BaseModel):
    """The lead that is to be merged into this one."""

    model_config = asked({"lead_id": "lead_01KAEY4B1H6M9P2R5S8T0V3WXY"})

    lead_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class RecountAsked(BaseModel):
    """Whether what differs is mended."""

    model_config = asked({"repair": False})

    repair: Annotated[bool, Field(strict=True, description="Whether what differs is mended.")] = False
