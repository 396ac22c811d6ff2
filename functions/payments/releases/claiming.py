"""The claim of a payment: who is about to ask the gateway says so before, with attempt and key.

Whoever finds a claimed payment asks what became of it, and never sends it with another key.
"""

from functions.payments import payments
from functions.payments.gateways.gateways import Gateway, Transfer
from functions.payments.invoices import invoices
from functions.payments.ledger import posting
from functions.payments.payments import Payment
from functions.payments.releases import attempts, bookings, opening, patience
from functions.payments.releases.requesting import closed, ended, held, still_open
from shared import clock
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write


def claim(tenant_id: str, payment_id: str, gateway: Gateway) -> Payment | None:
    """Claim a payment whose release is asked for, and return it; None for one that somebody else has claimed.

    While the gate is closed it is held instead, and what was paid from outside is cancelled.
    """

    def plan() -> Plan[Payment | None]:
        now = clock.now()
        opened = opening.by_itself(tenant_id, payment_id)
        if opened is None or opened.payment.status != "release_requested":
            return Plan(None)
        before, invoice, reasons = opened.payment, opened.invoice, closed(opened)
        if (gone := ended(opened, now)) is not None:
            return Plan(None, gone[1])
        if reasons:
            return Plan(None, held(before, reasons, now)[1])
        after = claimed(before._replace(amount_minor_units=invoice.amount_due_minor_units), gateway.name, now)
        in_release = invoice._replace(is_in_release=True, version=invoice.version + 1, updated_at=after.updated_at)
        writes: list[Write] = [
            *payments.changed(before, after, "claimed", now),
            attempts.begun(after),
            *invoices.changed(invoice, in_release),
            *posting.writes(bookings.claimed(after)),
            still_open(opened),
        ]
        return Plan(after, writes)

    return changes.make(plan)


def claimed(before: Payment, gateway: str, now: Instant) -> Payment:
    """Return a payment with its next attempt begun, which is looked at in a minute."""
    attempt = before.attempt + 1
    return before.moved(
        "claim",
        now,
        gateway=gateway,
        attempt=attempt,
        key=patience.key(before.payment_id, attempt),
        claimed_at=clock.to_rfc3339(now),
        due_at=clock.to_rfc3339(patience.next_look(now, now)),
        is_unsure=True,
        is_late=False,
    )


def transfer(payment: Payment) -> Transfer:
    """Return what the gateway is asked to move for a claimed payment."""
    return Transfer(payment.payment_id, payment.key or "", payment.amount_minor_units, payment.currency)
