"""Refunds: what is paid back of a settled payment, in parts or all at once, and never more than was paid.

A refund takes back revenue and tax in the ratio of the invoice, cumulatively: refunds of all that was paid, in any
parts, come to its tax exactly. A gateway that moves money back itself is asked first (`returning.py`).
"""

from typing import Final

from functions.payments import payments
from functions.payments.billing import billings
from functions.payments.gateways import names, possible
from functions.payments.ledger import posting
from functions.payments.ledger.entries import Entry
from functions.payments.money import amounts, splitting
from functions.payments.payments import Payment, PaymentTransitionNotAllowed
from functions.payments.releases import entitlement, opening, owning_teams, repayments, views
from functions.payments.releases.opening import Opened
from functions.payments.releases.repayments import Refund
from functions.payments.releases.requesting import Step
from functions.payments.releases.views import View
from functions.payments.transition import Event
from shared import actors, clock, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, NotAllowed
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

ID: Final = "rfd"
SETTLED: Final = "As the dispute was settled."


class RefundTooHigh(NotAllowed):
    """422: more would be refunded than is left of the payment."""

    def __init__(self, left: int, currency: str) -> None:
        super().__init__(f"{amounts.written(left, currency)} {currency} are left to refund. Refund no more than that.")


class RefundInProgress(Conflict):
    """409: the gateway is asked for another refund of the payment."""

    def __init__(self) -> None:
        super().__init__("The gateway is asked for another refund of this payment. Try again once that has ended.")


def refund(
    caller: Caller,
    payment_id: str,
    amount: int | None,
    reason: str,
    *,
    if_match: str | None,
    claim: Claim | None = None,
) -> Answer:
    """Refund an amount of a payment, or all that is left of it, and return the payment; three calls.

    Raises PaymentNotFound, FinanceRequired, PersonRequired, SeparationOfPayment, PayeeChangedLately,
    versions.VersionChanged, PaymentTransitionNotAllowed, RefundTooHigh, RefundInProgress, possible.AmountNotTaken.
    """
    refund_id = ids.new(ID, at=clock.now())

    def plan() -> Plan[View]:
        opened = opening.payment(caller, payment_id)
        opened.require_acting()
        versions.require(if_match, opened.payment.version)
        entitlement.require_person(caller, opened)
        back, before = _back(opened, amount), opened.payment
        possible.require_amount(before.gateway or "", back, before.currency)
        after, writes = begun(opened, refund_id, back, reason, clock.now())
        outside = owning_teams.checks(opened, caller.user_id)
        return Plan(views.payment(after), [*writes, *outside], owning_teams.refuse)

    return changes.make(plan, claim=claim)


def by_itself(tenant_id: str, payment_id: str) -> Payment | None:
    """Refund what the settlement of a dispute gives back of a payment that is made now; return it.

    None if there is no such payment any more.
    """
    refund_id = ids.new(ID, at=clock.now())

    def plan() -> Plan[Payment | None]:
        opened = opening.by_itself(tenant_id, payment_id)
        if opened is None or not _is_to_be_refunded(opened.payment):
            return Plan(None if opened is None else opened.payment)
        payment = opened.payment
        back = min(payment.to_refund_minor_units, payment.amount_minor_units)
        return Plan(*begun(opened, refund_id, back, SETTLED, clock.now()))

    return changes.make(plan)


def begun(opened: Opened, refund_id: str, back: int, reason: str, now: Instant) -> Step:
    """Return a payment of which an amount is paid back, or whose gateway is to be asked for that.

    Raises PaymentTransitionNotAllowed, RefundTooHigh, RefundInProgress.
    """
    before, by = opened.payment, actors.current().id
    if before.gateway not in names.REVERSERS:
        return refunded(opened, refund_id, back, reason, now, by=by)
    _back(opened, back)
    if before.refunding is not None:
        raise RefundInProgress
    asked = {
        "refund_id": refund_id,
        "amount_minor_units": back,
        "reason": reason,
        "refunded_by": by,
        "sent_at": None,
        "is_late": False,
    }
    after = before.touched(now, refunding=asked, due_at=clock.to_rfc3339(now))
    return after, payments.changed(before, after, "refund_requested", now)


def refunded(opened: Opened, refund_id: str, back: int, reason: str, now: Instant, *, by: str | None) -> Step:
    """Return a payment of which an amount was paid back. Raises PaymentTransitionNotAllowed, RefundTooHigh."""
    _back(opened, back)
    before, billing = opened.payment, opened.billing
    out = before.refunded_minor_units + back
    event: Event = "refund_rest" if out == before.amount_minor_units else "refund"
    after = before.moved(event, now, refunded_minor_units=out, refunding=None)
    made = Refund(refund_id, back, reason, by, clock.to_rfc3339(now))
    counted = billing._replace(refunded_minor_units=billing.refunded_minor_units + back)
    return after, [
        *payments.changed(before, after, "refunded", now),
        repayments.made(before, made),
        billings.changed(billing, counted),
        *posting.writes(_entry(opened, made, now)),
    ]


def _back(opened: Opened, amount: int | None) -> int:
    """Return the amount that is to be paid back, by default all that is left.

    Raises PaymentTransitionNotAllowed, RefundTooHigh.
    """
    payment = opened.payment
    if payment.status not in ("completed", "partially_refunded"):
        raise PaymentTransitionNotAllowed(payment.held, "refund")
    left = payment.amount_minor_units - payment.refunded_minor_units
    back = left if amount is None else amount
    if back > left:
        raise RefundTooHigh(left, payment.currency)
    return back


def _is_to_be_refunded(payment: Payment) -> bool:
    return payment.status == "completed" and payment.to_refund_minor_units > 0 and payment.refunding is None


def _entry(opened: Opened, made: Refund, now: Instant) -> Entry:
    payment, totals = opened.payment, opened.invoice.own_totals
    out = payment.refunded_minor_units
    taxes = [
        splitting.next_part(totals.tax_minor_units, shares_to=upto, of=totals.payable_minor_units, already_out=0)
        for upto in (out, out + made.amount_minor_units)
    ]
    tax = taxes[1] - taxes[0]
    return posting.entry(
        "refunded",
        {
            "revenue_return": made.amount_minor_units - tax,
            "tax_payable": tax,
            "clearing": made.amount_minor_units,
        },
        tenant_id=payment.tenant_id,
        currency=payment.currency,
        reference=f"{payment.payment_id}#{made.refund_id}",
        at=now,
        project_id=payment.project_id,
    )
