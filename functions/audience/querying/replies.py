"""What callers are answered about all leads of a tenant."""

from pydantic import BaseModel, Field

from functions.audience.leads.replies import LEAD, MOMENT, Lead, answered
from functions.audience.segments.replies import SEGMENT_ID, SegmentPreview
from shared.jobs.replies import Job

__all__ = ["Job", "LeadsFound", "SegmentChart", "SegmentMembers", "SegmentPreview"]


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


class SegmentDay(BaseModel):
    """How many members a segment had on a day."""

    day: str
    count: int


class SegmentChart(BaseModel):
    """How many members a segment had, day by day."""

    model_config = answered(
        {"segment_id": SEGMENT_ID, "time_zone": "UTC", "days": [{"day": "2026-11-20", "count": 12}]}
    )

    segment_id: str
    time_zone: str = Field(description="Whose days they are.")
    days: list[SegmentDay] = Field(description="The oldest first; days before the first count are left out.")
