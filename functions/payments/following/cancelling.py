"""What becomes of the invoices of a cancelled milestone: open ones are cancelled by credit notes, drafts are deleted.

Projects lets nobody cancel a milestone with an open invoice, so as a rule only drafts are left. What is paid stays,
and is refunded by people.
"""

from collections.abc import Iterator

from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.credits import credit_notes, crediting
from functions.payments.credits.crediting import InvoicePartlyPaid, RetentionInvoiced
from functions.payments.following.invoicing import BY
from functions.payments.invoices import invoices, reading
from functions.payments.invoices.invoices import Invoice, InvoiceNotFound
from functions.payments.invoices.receipts import InvoiceInRelease
from shared import clock, ids
from shared.observability import logger
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Write

REASON = "The milestone was cancelled."


def follow(tenant_id: str, project_id: str, milestone_id: str) -> None:
    """Cancel what is open of a cancelled milestone; what was done before is not done again."""
    found_first = _of_milestone(tenant_id, project_id, milestone_id)
    # What a retention is of is credited only after the invoice that asks for it.
    for found in sorted(found_first, key=lambda each: each.kind != "retention"):
        if found.status in ("draft", "issued"):
            _end(tenant_id, found.invoice_id)


def _of_milestone(tenant_id: str, project_id: str, milestone_id: str) -> Iterator[Invoice]:
    items = table.query_all(invoices.of_project(tenant_id, project_id), invoices.LISTED, index=True)
    return (invoices.from_item(item) for item in items if item["project_milestone_id"] == milestone_id)


def _end(tenant_id: str, invoice_id: str) -> None:
    note_id = ids.new(credit_notes.ID, at=clock.now())

    def plan() -> Plan[None]:
        try:
            return Plan(None, _ending(tenant_id, invoice_id, note_id))
        except (InvoiceNotFound, BilledMilestoneNotFound):
            return Plan(None)
        except (InvoiceInRelease, InvoicePartlyPaid, RetentionInvoiced) as refused:
            logger.warning("an invoice of a cancelled milestone stays open", invoice_id=invoice_id, code=refused.code)
            return Plan(None)

    changes.make(plan)


def _ending(tenant_id: str, invoice_id: str, note_id: str) -> list[Write]:
    now = clock.now()
    read = reading.of_tenant(tenant_id, invoice_id, caller=None, of_series="CN")
    if read.opened.gate.status != "cancelled":
        return []
    if read.invoice.status == "draft":
        gone = read.invoice._replace(version=read.invoice.version + 1)
        return [*invoices.removed(read.invoice), invoices.happened("deleted", gone, now)]
    if read.invoice.status != "issued":
        return []
    note, after = crediting.credited(read, note_id, None, REASON, BY, now)
    return crediting.written(read, note, after, now)
