"""How an invoice is asked for, changed while it is a draft, issued, and deleted as a draft."""

from collections.abc import Mapping
from typing import Any

from functions.payments.billing import totals
from functions.payments.invoices import asking, invoices, issuing, opening, parties, reading, views
from functions.payments.invoices.asking import Asked, LineAsked
from functions.payments.invoices.invoices import Invoice
from functions.payments.invoices.opening import Opened
from functions.payments.invoices.reading import Read
from functions.payments.invoices.views import View
from shared import clock, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim


class InvoiceIssued(Conflict):
    """409: the invoice is no draft any more."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The invoice is {status}. Only drafts are changed, issued or deleted; credit it instead.")


def create(
    caller: Caller, milestone_id: str, asked: Asked, *, as_draft: bool = False, claim: Claim | None = None
) -> Answer:
    """Issue an invoice of a milestone, or keep it as a draft, and return it; two calls.

    Raises BilledMilestoneNotFound, access.FinanceRequired, MilestoneWithoutAmount, OverInvoiced, InvalidInput, and for
    one that is issued MilestoneNotReady, SellerUnknown, BuyerUnknown.
    """
    invoice_id = ids.new(invoices.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        opened, _ = opening.milestone(caller.tenant_id, milestone_id, caller=caller)
        opened.require_acting()
        draft = drafted(opened, invoice_id, asked, caller.user_id, now)
        if as_draft:
            writes = [*invoices.born(draft), invoices.happened("drafted", draft, now)]
            return Plan(views.invoice(draft, opened.time_zone, now), writes)
        issue = issuing.issue(draft, opened, asked, now)
        return Plan(views.invoice(issue.invoice, opened.time_zone, now), issuing.writes(issue, now))

    return changes.make(plan, claim=claim)


def preview(caller: Caller, milestone_id: str, asked: Asked) -> View:
    """Return the invoice that `create` would make now, with neither id nor number, and write nothing; one call.

    It says which characters no document can print.

    Raises what `create` raises, but for what only issuing needs.
    """
    now = clock.now()
    opened, _ = opening.milestone(caller.tenant_id, milestone_id, caller=caller)
    opened.require_acting()
    shown = drafted(opened, "", asked, caller.user_id, now)._replace(**parties.known(opened))
    return views.invoice(shown, opened.time_zone, now)


def change(caller: Caller, invoice_id: str, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change what a draft asks for, and return it.

    Raises InvoiceNotFound, access.FinanceRequired, versions.VersionChanged, InvoiceIssued, OverInvoiced, InvalidInput.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        read = _draft(caller, invoice_id, if_match)
        before = read.invoice
        asked = asked_for(before)._replace(**fields)
        worked_out = drafted(read.opened, invoice_id, asked, before.created_by, now)
        after = worked_out._replace(created_at=before.created_at, version=before.version + 1)
        writes = [*invoices.changed(before, after), invoices.happened("changed", after, now)]
        return Plan(views.invoice(after, read.opened.time_zone, now), writes)

    return changes.make(plan)


def issue(caller: Caller, invoice_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Issue a draft, and return it; two calls if this instance has seen the invoice before, three otherwise.

    Raises InvoiceNotFound, access.FinanceRequired, versions.VersionChanged, InvoiceIssued, MilestoneNotReady,
    OverInvoiced, InvalidInput, SellerUnknown, BuyerUnknown.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        read = _draft(caller, invoice_id, if_match)
        before = read.invoice
        found = issuing.issue(before._replace(version=before.version + 1), read.opened, asked_for(before), now)
        return Plan(views.invoice(found.invoice, read.opened.time_zone, now), issuing.writes(found, now, before=before))

    return changes.make(plan, claim=claim)


def delete(caller: Caller, invoice_id: str, *, if_match: str | None) -> None:
    """Delete a draft. Raises InvoiceNotFound, access.FinanceRequired, versions.VersionChanged, InvoiceIssued."""

    def plan() -> Plan[None]:
        found = _draft(caller, invoice_id, if_match).invoice
        gone = found._replace(version=found.version + 1)
        return Plan(None, [*invoices.removed(found), invoices.happened("deleted", gone, clock.now())])

    changes.make(plan)


def drafted(opened: Opened, invoice_id: str, asked: Asked, created_by: str, now: Instant) -> Invoice:
    """Return a draft of what is asked for, as it would come out now.

    Raises MilestoneWithoutAmount, OverInvoiced, InvalidInput.
    """
    found, moment = asking.part(opened, asked), clock.to_rfc3339(now)
    return Invoice(
        tenant_id=opened.tenant_id,
        invoice_id=invoice_id,
        project_id=opened.gate.project_id,
        project_milestone_id=opened.project_milestone_id,
        kind=asking.kind(found.invoiced),
        status="draft",
        currency=opened.gate.currency or "",
        lines=[each._asdict() for each in found.lines],
        totals=invoices.stored_totals(found.totals),
        terms=parties.told(opened.terms),
        created_by=created_by,
        created_at=moment,
        updated_at=moment,
        version=1,
        share=asked.share,
        supplied_on=asked.supplied_on,
        note=asked.note,
        has_own_lines=bool(asked.lines),
    )


def asked_for(draft: Invoice) -> Asked:
    """Return what a draft asks for."""
    lines = [
        LineAsked(
            line.description,
            line.net_minor_units if line.unit_price_minor_units is None else line.unit_price_minor_units,
            totals.QUANTITY_ONE if line.unit_price_minor_units is None else line.quantity,
            line.tax_category,
            line.tax_rate,
        )
        for line in draft.own_lines
    ]
    return Asked(draft.share, lines if draft.has_own_lines else (), draft.supplied_on, draft.note)


def _draft(caller: Caller, invoice_id: str, if_match: str | None) -> Read:
    read = reading.opened(caller, invoice_id)
    read.opened.require_acting()
    versions.require(if_match, read.invoice.version)
    if read.invoice.status != "draft":
        raise InvoiceIssued(read.invoice.status)
    return read
