"""What callers are answered about variants, and how far the messages of each came."""

from typing import Any

from pydantic import BaseModel, Field

from functions.audience.leads.replies import answered

_VARIANT: dict[str, Any] = {
    "name": "B",
    "share": 50,
    "message_template": None,
    "html_template": None,
    "subject": "It is spring",
    "template_name": None,
    "template_variables": None,
}
COUNTS = {
    "pending": 0,
    "sent": 12,
    "delivered": 80,
    "opened": 5,
    "clicked": 2,
    "failed": 0,
    "bounced": 1,
    "unknown": 0,
    "skipped": 0,
}
FUNNEL = {"sent": 100, "delivered": 87, "opened": 7, "clicked": 2}
VARIANT_STATS: dict[str, Any] = {
    "name": "B",
    "counts": {name: count for name, count in COUNTS.items() if name != "pending"},
    "funnel": FUNNEL,
}


class Variant(BaseModel):
    """A variant: what its message says otherwise than that of the campaign; where it is null, it says the same."""

    model_config = answered(_VARIANT)

    name: str
    share: int = Field(description="In percent.")
    message_template: str | None
    html_template: str | None
    subject: str | None
    template_name: str | None
    template_variables: dict[str, str] | None


class Winner(BaseModel):
    """How it is decided which variant most of the audience gets."""

    model_config = answered({"by": "clicks", "after_minutes": 240, "test_percent": 20})

    by: str = Field(description="`clicks` or `opens`.")
    after_minutes: int
    test_percent: int


class CampaignFunnel(BaseModel):
    """How many recipients came so far, or further: who clicked has opened, and has it delivered."""

    model_config = answered(FUNNEL)

    sent: int
    delivered: int
    opened: int
    clicked: int


class VariantCounts(BaseModel):
    """How many recipients of a variant are in each state; of whom nobody has looked at yet nothing is known."""

    model_config = answered({name: count for name, count in COUNTS.items() if name != "pending"})

    sent: int
    delivered: int
    opened: int
    clicked: int
    failed: int
    bounced: int
    unknown: int
    skipped: int


class VariantStats(BaseModel):
    """The counters of a variant."""

    model_config = answered(VARIANT_STATS)

    name: str
    counts: VariantCounts
    funnel: CampaignFunnel
