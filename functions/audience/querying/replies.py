"""What callers are answered about all leads of a tenant."""

from pydantic import BaseModel, Field

from functions.audience.leads.replies import LEAD, MOMENT, Lead, answered
from functions.audience.segments.replies import SegmentPreview

__all__ = ["LeadsFound", "SegmentMembers", "SegmentPreview"]


class SegmentMembers(BaseModel):
    """A page of the leads in a segment; it may have none and still have a next."""

    model_config = answered({"items": [LEAD], "next_cursor": None, "as_of": MOMENT, "lag_seconds": 0})

    items: list[Lead]
    next_cursor: str | None
    as_of: str = Field(description="The instant for which the rule was evaluated.")
    lag_seconds: int = Field(description="How much older than that the leads may be that were looked at.")


class LeadsFound(BaseModel):
    """A page of leads."""

    model_config = answered({"items": [LEAD], "next_cursor": None, "as_of": None, "lag_seconds": 0})

    items: list[Lead]
    next_cursor: str | None
    as_of: str | None = Field(description="When they were looked for; null if nothing but what is there now was read.")
    lag_seconds: int = Field(description="How much older than that the leads may be that were looked at.")
