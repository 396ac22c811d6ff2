"""Refunds: what is paid back of a settled payment, in parts or all at once, and never more than was paid.

A refund takes back revenue and tax in the ratio of the invoice, cumulatively: refunds of all that was paid, in any
parts, come to its tax exactly.
"""

from typing import Final

from functions.payments import payments
from functions.payments.billing import billings
from functions.payments.ledger import posting
from functions.payments.ledger.entries import Entry
from functions.payments.money import amounts, splitting
from functions.payments.payments import Payment, PaymentTransitionNotAllowed
from functions.payments.releases import entitlement, opening, repayments, views
from functions.payments.releases.opening import Opened
from functions.payments.releases.repayments import Refund
from functions.payments.releases.requesting import Step
from functions.payments.releases.views import View
from functions.payments.transition import Event
from shared import actors, clock, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import NotAllowed
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

ID: Final = "rfd"
SETTLED: Final = "As the dispute was settled."


class RefundTooHigh(NotAllowed):
    """422: more would be refunded than is left of the payment."""

    def __init__(self, left: int, currency: str) -> None:
        super().__init__(f"{amounts.written(left, currency)} {currency} are left to refund. Refund no more than that.")


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

    Raises PaymentNotFound, FinanceRequired, PersonRequired, SeparationOfPayment, versions.VersionChanged,
    PaymentTransitionNotAllowed, RefundTooHigh.
    """
    refund_id = ids.new(ID, at=clock.now())

    def plan() -> Plan[View]:
        opened = opening.payment(caller, payment_id)
        opened.require_acting()
        versions.require(if_match, opened.payment.version)
        entitlement.require_person(caller, opened)
        after, writes = refunded(opened, refund_id, amount, reason, clock.now())
        return Plan(views.payment(after), writes)

    return changes.make(plan, claim=claim)


def by_itself(tenant_id: str, payment_id: str) -> Payment | None:
    """Refund what the settlement of a dispute gives back of a payment that is made now; return it.

    None if there is no such payment any more.
    """
    refund_id = ids.new(ID, at=clock.now())

    def plan() -> Plan[Payment | None]:
        opened = opening.by_itself(tenant_id, payment_id)
        if opened is None or opened.payment.status != "completed" or not opened.payment.to_refund_minor_units:
            return Plan(None if opened is None else opened.payment)
        payment = opened.payment
        back = min(payment.to_refund_minor_units, payment.amount_minor_units)
        return Plan(*refunded(opened, refund_id, back, SETTLED, clock.now()))

    return changes.make(plan)


def refunded(opened: Opened, refund_id: str, amount: int | None, reason: str, now: Instant) -> Step:
    """Return a payment of which an amount is paid back, or all that is left.

    Raises PaymentTransitionNotAllowed, RefundTooHigh.
    """
    before, billing = opened.payment, opened.billing
    if before.status not in ("completed", "partially_refunded"):
        raise PaymentTransitionNotAllowed(before.held, "refund")
    left = before.amount_minor_units - before.refunded_minor_units
    back = left if amount is None else amount
    if back > left:
        raise RefundTooHigh(left, before.currency)
    event: Event = "refund_rest" if back == left else "refund"
    after = before.moved(event, now, refunded_minor_units=before.refunded_minor_units + back)
    made = Refund(refund_id, back, reason, actors.current().id, clock.to_rfc3339(now))
    counted = billing._replace(refunded_minor_units=billing.refunded_minor_units + back)
    return after, [
        *payments.changed(before, after, "refunded", now),
        repayments.made(before, made),
        billings.changed(billing, counted),
        *posting.writes(_entry(opened, made, now)),
    ]


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
