"""What callers send about schedules of invoices. Unknown fields are refused."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from functions.payments.invoices.shapes import Share
from functions.payments.money import rates
from functions.payments.schedules.periods import Every
from functions.payments.sent import Day, MilestoneId, Note, asked, changed

_Percentage = Annotated[Share, Field(description="Of the milestone, each period; the last has what is left.")]
_Ends = Annotated[Day | None, Field(description="The last day on which a period may begin.")]
_OwnNote = Annotated[Note, Field(description="On each invoice.")]


class InvoiceScheduleDraft(BaseModel):
    """What is to be invoiced of a milestone again and again."""

    model_config = asked(
        {
            "project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H",
            "every": "month",
            "begins_on": "2027-01-31",
            "percentage": "10",
        }
    )

    project_milestone_id: MilestoneId
    every: Every
    begins_on: Annotated[Day, Field(description="Of the 31st, the last day of shorter months.")]
    percentage: _Percentage
    ends_on: _Ends = None
    note: _OwnNote = ""

    def fields(self) -> dict[str, Any]:
        """Return the fields of the schedule."""
        sent = self.model_dump(exclude={"project_milestone_id", "percentage"})
        return sent | {"share": rates.from_percent(self.percentage)}


class InvoiceSchedulePatch(BaseModel):
    """What is to change of a schedule; an end that is null is taken away."""

    model_config = changed({"percentage": "20", "paused": False})

    percentage: _Percentage = ""
    ends_on: _Ends = None
    note: _OwnNote = ""
    paused: Annotated[bool, Field(strict=True, description="Periods that begin meanwhile are left out.")] = False

    def fields(self) -> dict[str, Any]:
        """Return the fields of the schedule that change."""
        found: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "percentage" in found:
            found["share"] = rates.from_percent(found.pop("percentage"))
        if "paused" in found:
            found["status"] = "paused" if found.pop("paused") else "active"
        return found
