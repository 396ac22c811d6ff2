"""How an invoice is issued: the one place that gives it its number and writes all that follows from it together.

The number and its lock, the invoice and its entry, the billing of the milestone under the condition that nobody else
has invoiced meanwhile, the check that the gate still says the same, the entry of the ledger, and the event are one
transaction.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from functions.payments import payments
from functions.payments.billing import billings, gates, numbers, series, shares
from functions.payments.billing.billings import Billing
from functions.payments.invoices import asking, invoices, parties, postings, retentions
from functions.payments.invoices.asking import Asked
from functions.payments.invoices.invoices import Invoice
from functions.payments.invoices.opening import Opened
from functions.payments.payments import Billed, Payment
from functions.payments.terms import terms
from shared import clock, ids
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage.writes import Write


class MilestoneNotReady(Conflict):
    """409: the milestone has not come as far as its terms say."""

    def __init__(self, status: str, ready: str) -> None:
        super().__init__(f"The milestone is {status}. By its terms it is invoiced once it is {ready}.")


class Issue(NamedTuple):
    """An invoice that is about to be issued: as it will be, what it was made of, and the billing with it.

    `numbers_before` says how many numbers its series had.
    """

    invoice: Invoice
    opened: Opened
    billing: Billing
    numbers_before: int


def issue(draft: Invoice, opened: Opened, asked: Asked, now: Instant, *, upto: int | None = None) -> Issue:
    """Return how an invoice is issued now. `upto` is the threshold of progress that it is for.

    Raises parties.SellerUnknown, parties.BuyerUnknown, MilestoneNotReady, MilestoneWithoutAmount, OverInvoiced,
    InvalidInput.
    """
    require_ready(opened)
    found = asking.part(opened, asked)
    before = opened.billing
    billing = before.having(shares.added(before.invoiced, found.invoiced))._replace(
        open_invoices=before.open_invoices + 1,
        next_sequence=before.next_sequence + 1,
        progress_invoiced=before.progress_invoiced if upto is None else upto,
    )
    after = draft._replace(
        kind=asking.kind(found.invoiced),
        currency=opened.gate.currency or "",
        lines=[each._asdict() for each in found.lines],
        totals=invoices.stored_totals(found.totals),
        share=found.invoiced.share,
        sequence=before.next_sequence,
        attempt=opened.gate.attempt,
    )
    return numbered(after, opened, billing, now)


def numbered(draft: Invoice, opened: Opened, billing: Billing, now: Instant) -> Issue:
    """Return how an invoice, of which all is known but what comes by issuing it, is issued now.

    Raises parties.SellerUnknown, parties.BuyerUnknown.
    """
    today, moment = opened.today(now), clock.to_rfc3339(now)
    count = series.count(opened.counters, opened.tenant_id, "INV", today)
    issued = draft._replace(
        status="issued",
        number=numbers.number(opened.settings.invoice_prefix, today, count + 1),
        terms=parties.told(opened.terms),
        issued_at=moment,
        issued_on=today.isoformat(),
        supplied_on=draft.supplied_on or today.isoformat(),
        due_on=terms.due_on(opened.terms, today).isoformat(),
        payment_id=ids.new(payments.ID, at=now),
        updated_at=moment,
        **parties.of(opened),
    )
    return Issue(issued, opened, billing, count)


def writes(issue: Issue, now: Instant, *, before: Invoice | None = None) -> list[Write]:
    """Return the writes by which an invoice is issued; `before` is the draft that it was."""
    invoice, opened = issue.invoice, issue.opened
    today = opened.today(now)
    return [
        *series.taken(opened.tenant_id, "INV", today, before=issue.numbers_before, document_id=invoice.invoice_id),
        *(invoices.born(invoice) if before is None else invoices.changed(before, invoice)),
        billings.changed(opened.billing, issue.billing),
        gates.still(opened.gate_key, opened.gate),
        *postings.issued(invoice, now),
        invoices.happened("issued", invoice, now, more=_numbered(invoice)),
        *payments.born(_payment(invoice, now), "invoiced", now),
        *retentions.born(invoice, opened.time_zone, now),
    ]


def require_ready(opened: Opened) -> None:
    """Require that a milestone has come as far as its terms say. Raises MilestoneNotReady."""
    status = opened.gate.status
    if not terms.is_ready(opened.terms, status):
        raise MilestoneNotReady(status, " or ".join(terms.ready(opened.terms)))


def _payment(invoice: Invoice, now: Instant) -> Payment:
    """Return the payment by which the total of an invoice is released."""
    billed = Billed(
        tenant_id=invoice.tenant_id,
        project_id=invoice.project_id,
        project_milestone_id=invoice.project_milestone_id,
        invoice_id=invoice.invoice_id,
        kind=invoice.kind,
        sequence=invoice.sequence,
        amount_minor_units=invoice.payable_minor_units,
        currency=invoice.currency,
        created_by=invoice.created_by,
        auto_release=invoice.agreed.auto_release,
    )
    return payments.of_invoice(billed, invoice.payment_id or "", now)


def _numbered(invoice: Invoice) -> Mapping[str, Any]:
    return {"number": invoice.number, "due_on": invoice.due_on}
