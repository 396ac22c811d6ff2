"""How an invoice is issued by itself: once for each attempt at a milestone, or for each threshold of its progress.

Where nobody has said who sells or buys, it is kept as a draft, so that somebody sees it.
"""

from functions.payments.billing import billings
from functions.payments.billing.billings import BilledMilestoneNotFound, Billing
from functions.payments.invoices import invoices, issuing, lifecycle, opening
from functions.payments.invoices.asking import Asked
from functions.payments.invoices.opening import Opened
from functions.payments.invoices.parties import BuyerUnknown, SellerUnknown
from functions.payments.money import rates
from functions.payments.terms import terms
from shared import clock, ids
from shared.clock import Instant
from shared.errors import Conflict, NotAllowed
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write

BY: str = "system"
_ONE_PERCENT = rates.WHOLE // 100


def follow(tenant_id: str, project_id: str, milestone_id: str, progress: int) -> None:
    """Issue the invoice that a milestone is due by its terms, if there is one that was not issued before.

    `progress` is the highest that events tell of. A milestone without an amount has no invoice.
    """
    invoice_id = ids.new(invoices.ID, at=clock.now())

    def plan() -> Plan[None]:
        now = clock.now()
        try:
            opened, _ = opening.milestone(tenant_id, milestone_id, caller=None, project_id=project_id)
        except BilledMilestoneNotFound:
            return Plan(None)
        return Plan(None, _writes(opened, invoice_id, progress, now))

    changes.make(plan)


def _writes(opened: Opened, invoice_id: str, progress: int, now: Instant) -> list[Write]:
    agreed, gate, before = opened.terms, opened.gate, opened.billing
    if not agreed.auto_invoice or gate.amount_minor_units is None or not terms.is_ready(agreed, gate.status):
        return []
    if agreed.trigger == "progress":
        upto = terms.reached(agreed, progress, already=before.progress_invoiced)
        marked = before._replace(progress_invoiced=upto)
        share = upto * _ONE_PERCENT - before.share
    else:
        marked = before._replace(attempt_invoiced=gate.attempt)
        share = rates.WHOLE - before.share if before.attempt_invoiced < gate.attempt else 0
    if marked == before:
        return []
    if share <= 0:
        return [billings.changed(before, marked)]
    return _issued(opened, marked, invoice_id, Asked(share), now)


def _issued(opened: Opened, marked: Billing, invoice_id: str, asked: Asked, now: Instant) -> list[Write]:
    """Return the writes that issue an invoice, or make a draft of it, and note that this was done."""
    try:
        draft = lifecycle.drafted(opened, invoice_id, asked, BY, now)
    except (Conflict, NotAllowed):
        # A share of less than a minor unit asks for nothing.
        return [billings.changed(opened.billing, marked)]
    try:
        issue = issuing.issue(draft, opened, asked, now)
    except (SellerUnknown, BuyerUnknown):
        drafted = invoices.happened("drafted", draft, now)
        return [*invoices.born(draft), drafted, billings.changed(opened.billing, marked)]
    noted = issue.billing._replace(progress_invoiced=marked.progress_invoiced, attempt_invoiced=marked.attempt_invoiced)
    return issuing.writes(issue._replace(billing=noted), now)
