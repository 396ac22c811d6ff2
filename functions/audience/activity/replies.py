"""What callers are answered about what leads do and agree to."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from functions.audience.leads.replies import LEAD_ID, MOMENT, answered

ORDER: dict[str, Any] = {
    "order_id": "order-1042",
    "amount_minor_units": 12990,
    "currency": "EUR",
    "ordered_at": MOMENT,
    "recorded_at": MOMENT,
    "items": [{"sku": "tea-black-100", "quantity": 2, "amount_minor_units": 6495}],
    "refund_of": None,
    "refunded_minor_units": 0,
}
_VISIT = {"visit_id": "visit-77", "visited_at": MOMENT, "recorded_at": MOMENT, "source": "shop"}
_CONSENT = {
    "subject": "email/newsletter",
    "state": "granted",
    "at": MOMENT,
    "source": "checkout",
    "text": "Yes, write to me.",
}
_ENTRY = {"kind": "order", "at": MOMENT, "order": ORDER, "visit": None, "consent": None}
_DIFFERENCE = {"field": "order_spend", "stored": 12990, "counted": 25980}


class LeadOrderItem(BaseModel):
    """Something that was ordered."""

    sku: str
    name: str | None = None
    quantity: int
    amount_minor_units: int | None = None


class LeadOrder(BaseModel):
    """An order of a lead, or a refund, whose amount is negative."""

    model_config = answered(ORDER)

    order_id: str
    amount_minor_units: int
    currency: str
    ordered_at: str
    recorded_at: str
    items: list[LeadOrderItem]
    refund_of: str | None = Field(description="The order that was refunded, of a refund.")
    refunded_minor_units: int = Field(description="How much of the order was refunded.")


class LeadOrders(BaseModel):
    """A page of the orders and refunds of a lead, the latest first."""

    model_config = answered({"items": [ORDER], "next_cursor": None})

    items: list[LeadOrder]
    next_cursor: str | None


class LeadVisit(BaseModel):
    """A visit of a lead."""

    model_config = answered(_VISIT)

    visit_id: str
    visited_at: str
    recorded_at: str
    source: str | None


class ConsentRecorded(BaseModel):
    """What a lead has agreed to or refused; `text` is what they saw."""

    model_config = answered(_CONSENT)

    subject: str = Field(description="A channel, or a topic of one.")
    state: Literal["granted", "pending", "denied"]
    at: str
    source: str
    text: str | None


class LeadTimelineEntry(BaseModel):
    """Something that a lead did or agreed to; of the three, the one of its kind is set."""

    model_config = answered(_ENTRY)

    kind: Literal["order", "visit", "consent"]
    at: str
    order: LeadOrder | None
    visit: LeadVisit | None
    consent: ConsentRecorded | None


class LeadTimeline(BaseModel):
    """A page of the timeline of a lead, the latest first."""

    model_config = answered({"items": [_ENTRY], "next_cursor": None})

    items: list[LeadTimelineEntry]
    next_cursor: str | None


class TotalDiffering(BaseModel):
    """A total of a lead that is not what its orders and visits add up to."""

    field: str
    stored: int | str | None
    counted: int | str | None


class LeadRecount(BaseModel):
    """What differs between a lead and its orders and visits, and whether it was mended."""

    model_config = answered({"lead_id": LEAD_ID, "differences": [_DIFFERENCE], "repaired": False})

    lead_id: str
    differences: list[TotalDiffering]
    repaired: bool
