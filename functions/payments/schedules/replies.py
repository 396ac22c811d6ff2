"""What callers are answered about schedules of invoices."""

from typing import Any

from pydantic import BaseModel, Field

from functions.payments.invoices.replies import MILESTONE_ID, MOMENT, PROJECT_ID, USER_ID
from functions.payments.replies import answered

_SCHEDULE: dict[str, Any] = {
    "invoice_schedule_id": "ivs_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "project_id": PROJECT_ID,
    "project_milestone_id": MILESTONE_ID,
    "every": "month",
    "begins_on": "2027-01-31",
    "percentage": "10",
    "created_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
    "status": "active",
    "note": "",
    "ends_on": None,
    "next_on": "2027-01-31",
    "reason": None,
    "last_invoice_id": None,
}


class InvoiceSchedule(BaseModel):
    """A schedule of invoices."""

    model_config = answered(_SCHEDULE)

    invoice_schedule_id: str
    project_id: str
    project_milestone_id: str
    every: str = Field(description="`week`, `month`, `quarter`, `half_year` or `year`.")
    begins_on: str = Field(description="The day of the first period, in the zone of the tenant.")
    percentage: str = Field(description="Of the milestone, each period.")
    created_by: str
    created_at: str
    updated_at: str
    version: int
    status: str = Field(description="`active`, `paused` or `ended`.")
    note: str
    ends_on: str | None
    next_on: str | None = Field(description="The day of the next period; null once it has ended.")
    reason: str | None = Field(description="Why the next period waits, or why the schedule has ended.")
    last_invoice_id: str | None


class InvoiceSchedules(BaseModel):
    """A page of schedules."""

    model_config = answered({"items": [_SCHEDULE], "next_cursor": None})

    items: list[InvoiceSchedule]
    next_cursor: str | None
