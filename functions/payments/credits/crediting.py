"""How an issued invoice is credited: by lines, or as a whole, which cancels it and frees its share of the milestone.

What is paid of an invoice is refunded, and not credited.
"""

from collections.abc import Mapping, Sequence

from functions.payments import payments
from functions.payments.billing import billings, numbers, series, shares
from functions.payments.billing.billings import Billing
from functions.payments.credits import credit, credit_notes
from functions.payments.credits.credit import Part
from functions.payments.credits.credit_notes import CreditNote
from functions.payments.invoices import invoices, postings, reading, receipts, retentions, views
from functions.payments.invoices.invoices import Invoice
from functions.payments.invoices.reading import Read
from functions.payments.invoices.receipts import InvoiceInRelease, InvoiceNotOpen
from functions.payments.invoices.views import View
from shared import clock, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

Lines = Mapping[int, int | None]
"""What is credited of which line, by its number from 1; None for all that is left of it."""


class InvoicePartlyPaid(Conflict):
    """409: more would be credited than is still due."""

    def __init__(self) -> None:
        super().__init__("More would be credited than is still due. What is paid is refunded, and not credited.")


class RetentionInvoiced(Conflict):
    """409: what the invoice kept back is invoiced already."""

    def __init__(self, invoice_id: str) -> None:
        super().__init__(f"What the invoice kept back is invoiced by {invoice_id}. Cancel that one first.")


def issue(
    caller: Caller, invoice_id: str, lines: Lines | None, reason: str, *, if_match: str | None, claim: Claim | None
) -> Answer:
    """Credit lines of an invoice, or all that is left of it, and return the credit note.

    Raises InvoiceNotFound, access.FinanceRequired, versions.VersionChanged, InvoiceNotOpen, InvoiceInRelease,
    InvoicePartlyPaid, RetentionInvoiced, credit.CreditTooHigh, InvalidInput.
    """
    note_id = ids.new(credit_notes.ID, at=clock.now())

    def plan() -> Plan[View]:
        now, read = clock.now(), _opened(caller, invoice_id, if_match)
        note, after = credited(read, note_id, lines, reason, caller.user_id, now)
        return Plan(credit_notes.view(note), written(read, note, after, now))

    return changes.make(plan, claim=claim)


def cancel(caller: Caller, invoice_id: str, reason: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Cancel an issued invoice by a credit note of all that is left of it, and return the invoice.

    Raises as `issue`.
    """
    note_id = ids.new(credit_notes.ID, at=clock.now())

    def plan() -> Plan[View]:
        now, read = clock.now(), _opened(caller, invoice_id, if_match)
        note, after = credited(read, note_id, None, reason, caller.user_id, now)
        return Plan(views.invoice(after, read.opened.time_zone, now), written(read, note, after, now))

    return changes.make(plan, claim=claim)


def _opened(caller: Caller, invoice_id: str, if_match: str | None) -> Read:
    read = reading.opened(caller, invoice_id, of_series="CN")
    read.opened.require_acting()
    versions.require(if_match, read.invoice.version)
    return read


def credited(
    read: Read, note_id: str, lines: Lines | None, reason: str, created_by: str, now: Instant
) -> tuple[CreditNote, Invoice]:
    """Return a credit note of an invoice, and the invoice after it; `read` has the counters of credit notes.

    Raises InvoiceNotOpen, InvoicePartlyPaid, RetentionInvoiced, credit.CreditTooHigh, InvalidInput.
    """
    before = read.invoice
    _require_creditable(before)
    own, done = before.own_lines, before.credited_lines
    parts = credit.parts(own, done, lines)
    totals = credit.note_totals(before.own_totals, own, done, parts)
    if totals.payable_minor_units > before.amount_due_minor_units:
        raise InvoicePartlyPaid
    note = _note(read, note_id, parts, reason, created_by, now)
    note = note._replace(totals=invoices.stored_totals(totals))
    return note, _after(before, credit.credited(done, parts), totals.payable_minor_units, now)


def written(read: Read, note: CreditNote, after: Invoice, now: Instant) -> list[Write]:
    """Return the writes by which an invoice is credited."""
    opened, before = read.opened, read.invoice
    today = opened.today(now)
    count = series.count(opened.counters, opened.tenant_id, "CN", today)
    ended: list[Write] = []
    if not after.is_open:
        ended = [
            invoices.happened(after.status, after, now),
            *payments.looked_at(after.tenant_id, after.payment_id, now),
        ]
    return [
        *series.taken(opened.tenant_id, "CN", today, before=count, document_id=note.credit_note_id),
        credit_notes.born(note),
        *invoices.changed(before, after),
        billings.changed(opened.billing, _billing(opened.billing, before, after)),
        *postings.credited(before, note.credit_note_id, note.totals, now),
        credit_notes.happened(note, after, now),
        *ended,
        *_freed(read, after),
    ]


def _freed(read: Read, after: Invoice) -> list[Write]:
    """Return the writes by which nobody asks any more for what a cancelled invoice kept back, or asked back."""
    if after.status != "cancelled":
        return []
    if read.origin is None:
        return [*retentions.removed(after)]
    origin = read.origin
    freed = origin._replace(retention_invoice_id=None, updated_at=after.updated_at, version=origin.version + 1)
    return invoices.changed(origin, freed)


def _require_creditable(invoice: Invoice) -> None:
    if not invoice.is_open:
        raise InvoiceNotOpen(invoice.status)
    if invoice.is_in_release:
        raise InvoiceInRelease
    if invoice.retention_invoice_id is not None:
        raise RetentionInvoiced(invoice.retention_invoice_id)


def _note(read: Read, note_id: str, parts: Sequence[Part], reason: str, created_by: str, now: Instant) -> CreditNote:
    opened, invoice = read.opened, read.invoice
    today = opened.today(now)
    count = series.count(opened.counters, opened.tenant_id, "CN", today)
    return CreditNote(
        tenant_id=opened.tenant_id,
        credit_note_id=note_id,
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.number or "",
        project_id=invoice.project_id,
        number=numbers.number(opened.settings.credit_note_prefix, today, count + 1),
        currency=invoice.currency,
        issued_at=clock.to_rfc3339(now),
        issued_on=today.isoformat(),
        created_by=created_by,
        lines=[each._asdict() for each in parts],
        totals={},
        seller=invoice.seller or {},
        buyer=invoice.buyer or {},
        reason=reason,
    )


def _after(before: Invoice, credited: Sequence[int], payable: int, now: Instant) -> Invoice:
    """Return the invoice with so much credited; it is cancelled when nothing is left of any line."""
    moment = clock.to_rfc3339(now)
    after = before._replace(
        credited=[*credited],
        credited_minor_units=before.credited_minor_units + payable,
        credit_notes=before.credit_notes + 1,
        updated_at=moment,
        version=before.version + 1,
    )
    if all(line.net_minor_units == done for line, done in zip(before.own_lines, credited, strict=True)):
        return after._replace(status="cancelled", cancelled_at=moment)
    return after if after.amount_due_minor_units else after._replace(status="paid", paid_at=moment)


def _billing(billing: Billing, before: Invoice, after: Invoice) -> Billing:
    more = after.credited_minor_units - before.credited_minor_units
    credited = billing._replace(credited_minor_units=billing.credited_minor_units + more)
    if after.status == "cancelled":
        credited = credited.having(shares.freed(credited.invoiced, before.invoiced))
    return credited if after.is_open else receipts.closed(credited)
