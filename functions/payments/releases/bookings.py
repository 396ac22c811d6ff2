"""What a payment moves in the ledger: pending from its claim on, then settled, or taken away after a failure.

The references have the payment's id, so whoever comes second finds that the ledger has the entry already.
"""

from functions.payments.ledger import posting
from functions.payments.ledger.entries import Entry
from functions.payments.payments import Payment
from shared import clock
from shared.clock import Instant


def claimed(payment: Payment) -> Entry:
    """Return the entry of a claimed payment: its amount is on its way, out of deposits if it draws on them."""
    kind, source = ("escrow_released", "escrow") if payment.is_from_escrow else ("payment_released", "clearing")
    return posting.entry(
        kind,
        dict.fromkeys((source, "receivable"), payment.amount_minor_units),
        tenant_id=payment.tenant_id,
        currency=payment.currency,
        reference=f"{payment.payment_id}#claimed-{payment.attempt}",
        at=clock.from_rfc3339(payment.claimed_at or payment.updated_at),
        project_id=payment.project_id,
        status="pending",
    )


def settled(payment: Payment, now: Instant) -> Entry:
    """Return the entry that posts what was on its way."""
    return posting.settling(claimed(payment), reference=f"{payment.payment_id}#settled", at=now)


def voided(payment: Payment, now: Instant) -> Entry:
    """Return the entry that takes away what was on its way."""
    return posting.voiding(claimed(payment), reference=f"{payment.payment_id}#voided-{payment.attempt}", at=now)
