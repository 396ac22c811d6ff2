"""What callers send about several invoices. Unknown fields are refused."""

from typing import Annotated

from pydantic import BaseModel, Field

from functions.payments.bulk import many
from functions.payments.bulk.invoicing import Wanted
from functions.payments.invoices.shapes import InvoiceDraft
from functions.payments.sent import MilestoneId, asked

_ONE = {"project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H", "percentage": "40"}


class InvoiceWanted(InvoiceDraft):
    """What is to be invoiced of one milestone."""

    model_config = asked(_ONE)

    project_milestone_id: MilestoneId

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        return Wanted(self.project_milestone_id, self.asked(), self.draft)


class InvoicesWanted(BaseModel):
    """What is to be invoiced of several milestones."""

    model_config = asked({"invoices": [_ONE]})

    invoices: Annotated[list[InvoiceWanted], Field(min_length=1, max_length=many.MOST)]

    def wanted(self) -> list[Wanted]:
        """Return what is asked for, in its order."""
        return [each.wanted() for each in self.invoices]
