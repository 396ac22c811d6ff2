"""How what an invoice kept back is invoiced, with its tax: once, when the project is completed or its days are over.

The invoice that asks for it names the one that kept it back, and is named there in the same transaction.
"""

from collections.abc import Sequence

from functions.payments.billing.totals import Line, TaxTotal
from functions.payments.credits import credit
from functions.payments.credits.crediting import RetentionInvoiced
from functions.payments.invoices import asking, invoices, issuing, reading, retentions, views
from functions.payments.invoices.invoices import Invoice
from functions.payments.invoices.opening import Opened
from functions.payments.invoices.views import View
from shared import clock, days, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Condition, Write

_ENDED = ("completed", "archived")


class NothingRetained(Conflict):
    """409: nothing that the invoice kept back is left to be invoiced."""

    def __init__(self) -> None:
        super().__init__("Nothing that the invoice kept back is left to be invoiced.")


class RetentionNotDue(Conflict):
    """409: what the invoice kept back is not due yet."""

    def __init__(self, day: str | None) -> None:
        when = "the project is completed" if day is None else day
        super().__init__(f"What the invoice kept back is not due before {when}.")


def create(caller: Caller, invoice_id: str, *, claim: Claim | None = None) -> Answer:
    """Invoice what an invoice kept back, and return the new invoice; two calls if this instance has seen the first.

    Raises InvoiceNotFound, access.FinanceRequired, RetentionInvoiced, NothingRetained, RetentionNotDue,
    MilestoneNotReady, SellerUnknown, BuyerUnknown.
    """
    new_id = ids.new(invoices.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        before, opened, _ = reading.opened(caller, invoice_id)
        opened.require_acting()
        issue = issued(before, opened, new_id, caller.user_id, now)
        return Plan(views.invoice(issue.invoice, opened.time_zone, now), writes(before, issue, now))

    return changes.make(plan, claim=claim)


def issued(before: Invoice, opened: Opened, invoice_id: str, created_by: str, now: Instant) -> issuing.Issue:
    """Return the invoice of a retention as it is issued now.

    Raises RetentionInvoiced, NothingRetained, RetentionNotDue, MilestoneNotReady, SellerUnknown, BuyerUnknown.
    """
    kept = left(before)
    if before.retention_invoice_id is not None:
        raise RetentionInvoiced(before.retention_invoice_id)
    if not kept:
        raise NothingRetained
    _require_due(before, opened, now)
    agreed = before.agreed._replace(retention_rate=0, retention_days=None)
    by_its_terms = opened._replace(terms=agreed)
    issuing.require_ready(by_its_terms)
    billing = opened.billing
    after = billing._replace(open_invoices=billing.open_invoices + 1, next_sequence=billing.next_sequence + 1)
    draft = _draft(before, by_its_terms, invoice_id, kept, created_by, clock.to_rfc3339(now))
    return issuing.numbered(draft, by_its_terms, after, now)


def writes(before: Invoice, issue: issuing.Issue, now: Instant, *, condition: Condition | None = None) -> list[Write]:
    """Return the writes by which a retention is invoiced; `condition` is on what waits to be invoiced by itself."""
    new = issue.invoice
    after = before._replace(retention_invoice_id=new.invoice_id, updated_at=new.updated_at, version=before.version + 1)
    return [
        *issuing.writes(issue, now),
        *invoices.changed(before, after),
        *retentions.removed(before, condition=condition),
    ]


def left(before: Invoice) -> Sequence[TaxTotal]:
    """Return what an invoice keeps back of each rate, without what is credited; nothing of a draft."""
    if before.status not in ("issued", "paid"):
        return []
    lines, done = before.own_lines, before.credited_lines
    rest = credit.note_totals(before.own_totals, lines, done, credit.parts(lines, done, None))
    return [each for each in rest.taxes if each.retention_minor_units]


def _require_due(before: Invoice, opened: Opened, now: Instant) -> None:
    """Require that a retention may be asked for now. Raises RetentionNotDue."""
    at = retentions.due(before, opened.time_zone)
    if at is None and opened.project_status not in _ENDED:
        raise RetentionNotDue(None)
    if at is not None and now < at:
        raise RetentionNotDue(days.day_of(at, opened.time_zone).isoformat())


def _draft(
    before: Invoice, opened: Opened, invoice_id: str, kept: Sequence[TaxTotal], created_by: str, moment: str
) -> Invoice:
    text = f"Retention of {before.number}"
    lines = [Line(text, each.retention_minor_units, each.tax_category, each.tax_rate) for each in kept]
    return Invoice(
        tenant_id=before.tenant_id,
        invoice_id=invoice_id,
        project_id=before.project_id,
        project_milestone_id=before.project_milestone_id,
        kind="retention",
        status="draft",
        currency=before.currency,
        lines=[each._asdict() for each in lines],
        totals=invoices.stored_totals(asking.worked_out(lines, 0, opened.settings)),
        terms={},
        created_by=created_by,
        created_at=moment,
        updated_at=moment,
        version=1,
        sequence=opened.billing.next_sequence,
        attempt=before.attempt,
        supplied_on=before.supplied_on,
        retention_of=before.invoice_id,
    )
