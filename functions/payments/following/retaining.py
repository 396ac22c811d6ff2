"""Background work: retentions are invoiced when a project is completed, or when their days are over.

It may be asked at any time, however often: what it does follows from what is stored.
"""

from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.credits.crediting import RetentionInvoiced
from functions.payments.following.invoicing import BY
from functions.payments.invoices import invoices, reading, retentions
from functions.payments.invoices.invoices import InvoiceNotFound
from functions.payments.invoices.issuing import MilestoneNotReady
from functions.payments.invoices.parties import BuyerUnknown, SellerUnknown
from functions.payments.invoices.reading import Read
from functions.payments.retentions import invoicing
from functions.payments.retentions.invoicing import NothingRetained, RetentionNotDue
from shared import clock, ids
from shared.clock import DAY, Instant
from shared.observability import logger
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import PRESENT, Write


def of_project(tenant_id: str, project_id: str) -> None:
    """Invoice the retentions of a project that are due."""
    for invoice_id in retentions.of_project(tenant_id, project_id):
        of_invoice(tenant_id, invoice_id)


def of_invoice(tenant_id: str, invoice_id: str) -> None:
    """Invoice the retention of an invoice if it is due, and note when it is to be looked at again if not."""
    new_id = ids.new(invoices.ID, at=clock.now())

    def plan() -> Plan[None]:
        try:
            read = reading.of_tenant(tenant_id, invoice_id, caller=None)
        except (InvoiceNotFound, BilledMilestoneNotFound):
            return Plan(None)
        return Plan(None, _writes(read, new_id, clock.now()))

    changes.make(plan)


def _writes(read: Read, new_id: str, now: Instant) -> list[Write]:
    before, opened, _ = read
    if not retentions.is_waiting(before):
        # People have seen to it: what they cancelled is not issued again.
        return []
    try:
        issue = invoicing.issued(before, opened, new_id, BY, now)
        return invoicing.writes(before, issue, now, condition=PRESENT)
    except (NothingRetained, RetentionInvoiced):
        return [*retentions.removed(before)]
    except RetentionNotDue:
        # Without days it waits for the event that the project is completed.
        return [retentions.waiting(before, retentions.due(before, opened.time_zone))]
    except (SellerUnknown, BuyerUnknown, MilestoneNotReady) as refused:
        logger.warning("a retention cannot be invoiced yet", invoice_id=before.invoice_id, code=refused.code)
        return [retentions.waiting(before, now + DAY)]
