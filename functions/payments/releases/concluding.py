"""What an outcome makes of a claimed payment: settled, failed, doubted, or looked at again later.

The transaction that settles also posts to the ledger, pays the invoice, and counts what is released of the milestone.
"""

from functions.payments import payments
from functions.payments.billing import billings
from functions.payments.gateways.gateways import Outcome
from functions.payments.invoices import invoices
from functions.payments.ledger import posting
from functions.payments.payments import Payment
from functions.payments.releases import attempts, bookings, opening, patience
from functions.payments.releases.opening import Opened
from functions.payments.releases.requesting import Step
from shared import clock, days
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write


def conclude(claimed: Payment, outcome: Outcome, *, is_certain: bool = True) -> Payment | None:
    """Apply what a gateway has said of an attempt, and return the payment; None if it has gone on meanwhile.

    A refusal of what was sent before is not certain: the gateway may have made it the first time.
    """

    def plan() -> Plan[Payment | None]:
        now = clock.now()
        opened = opening.by_itself(claimed.tenant_id, claimed.payment_id)
        if opened is None or not _is_same(opened.payment, claimed):
            return Plan(None)
        return Plan(*_concluded(opened, outcome, now, is_certain=is_certain))

    return changes.make(plan)


def _is_same(found: Payment, claimed: Payment) -> bool:
    return found.status == "processing" and found.attempt == claimed.attempt


def _concluded(opened: Opened, outcome: Outcome, now: Instant, *, is_certain: bool) -> Step:
    payment = opened.payment
    since = clock.from_rfc3339(payment.claimed_at or payment.updated_at)
    match outcome.what:
        case "made" if outcome.moved == (payment.amount_minor_units, payment.currency):
            return settled(opened, outcome.reference, now)
        case "made":
            return doubted(payment, "amount_differs", now)
        case "taken":
            return _taken(payment, since, now)
        case "refused" if is_certain:
            return failed(opened, outcome.reason or "refused", now)
        case "absent" if patience.has_failed(since, now):
            return failed(opened, "not_made", now)
        case _:
            if patience.is_hopeless(since, now):
                return doubted(payment, "no_answer", now)
            return _waiting(payment, patience.next_look(since, now), now)


def settled(opened: Opened, reference: str | None, now: Instant) -> Step:
    """Return a payment that the gateway has made, and the writes of all that follows."""
    before, invoice, billing = opened.payment, opened.invoice, opened.billing
    moment = clock.to_rfc3339(now)
    after = _processing(before, now).moved(
        "settle",
        now,
        settled_at=moment,
        reference=reference,
        is_unsure=False,
        due_at=moment if before.to_refund_minor_units else None,
    )
    paid_minor_units = invoice.paid_minor_units + before.amount_minor_units
    paid = invoice._replace(
        status="paid",
        paid_at=moment,
        paid_minor_units=paid_minor_units,
        last_paid_on=days.day_of(now, opened.time_zone).isoformat(),
        is_in_release=False,
        version=invoice.version + 1,
        updated_at=moment,
    )
    counted = billing._replace(
        open_invoices=billing.open_invoices - 1,
        released_minor_units=billing.released_minor_units + before.amount_minor_units,
    )
    return after, [
        *payments.changed(before, after, "released", now),
        attempts.ended(after, "made", now),
        *invoices.changed(invoice, paid),
        invoices.happened("paid", paid, now),
        billings.changed(billing, counted),
        *posting.writes(bookings.settled(before, now)),
    ]


def failed(opened: Opened, reason: str, now: Instant) -> Step:
    """Return a payment that was certainly not made; a pause later it is tried again, or people decide."""
    before, invoice = opened.payment, opened.invoice
    pause = patience.pause(before.attempt)
    due_at = None if pause is None else clock.to_rfc3339(now + pause)
    after = _processing(before, now).moved("fail", now, failure=reason, due_at=due_at, is_unsure=False)
    free = invoice._replace(is_in_release=False, version=invoice.version + 1, updated_at=after.updated_at)
    return after, [
        *payments.changed(before, after, "failed", now),
        attempts.ended(after, "refused", now),
        *invoices.changed(invoice, free),
        *posting.writes(bookings.voided(before, now)),
    ]


def _processing(payment: Payment, now: Instant) -> Payment:
    """Return a payment as it was before its outcome was doubted."""
    return payment.moved("resume", now) if payment.held_from == "processing" else payment


def doubted(before: Payment, reason: str, now: Instant) -> Step:
    """Return a payment whose outcome is for people to find out."""
    after = before.moved("doubt", now, reasons=[reason])
    return after, payments.changed(before, after, "held", now)


def _taken(before: Payment, since: Instant, now: Instant) -> Step:
    """Return a payment that its gateway makes later; after a week people are told, once."""
    is_late = now - since >= patience.LATE_AFTER
    due_at = None if is_late else clock.to_rfc3339(since + patience.LATE_AFTER)
    after = before.touched(now, is_unsure=False, is_late=is_late, due_at=due_at)
    return after, payments.changed(before, after, "stalled" if is_late else None, now)


def _waiting(before: Payment, until: Instant, now: Instant) -> Step:
    after = before.touched(now, is_unsure=True, due_at=clock.to_rfc3339(until))
    writes: list[Write] = payments.changed(before, after, None, now)
    return after, writes
