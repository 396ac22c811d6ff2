"""The claim of a payment: who is about to ask the gateway says so before, with attempt and key.

Whoever finds a claimed payment asks what became of it, and never sends it with another key.
"""

from typing import Final

from functions.payments import payments
from functions.payments.gateways import names, possible, references
from functions.payments.gateways.gateways import Gateway, Transfer
from functions.payments.invoices import invoices
from functions.payments.ledger import posting
from functions.payments.payments import Payment
from functions.payments.releases import attempts, bookings, opening, patience
from functions.payments.releases.opening import Opened
from functions.payments.releases.requesting import closed, ended, held, still_open
from shared import clock
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write

NOT_CONFIGURED: Final = "gateway_not_configured"
"""Why a payment is held whose gateway the stage has no account at."""


def claim(tenant_id: str, payment_id: str, gateway: Gateway | None) -> Payment | None:
    """Claim a payment whose release is asked for, and return it; None for one that is not claimed.

    While the gate is closed it is held instead, also if the gateway cannot make it, or the stage has no account there,
    and what was paid from outside is cancelled.
    """

    def plan() -> Plan[Payment | None]:
        now = clock.now()
        opened = opening.by_itself(tenant_id, payment_id)
        if opened is None or opened.payment.status != "release_requested":
            return Plan(None)
        before, invoice = opened.payment, opened.invoice
        if (gone := ended(opened, now)) is not None:
            return Plan(None, gone[1])
        payee_account = opened.payee_account(now)
        reasons = closed(opened) or _hindered(opened, gateway, payee_account)
        if reasons or gateway is None:
            return Plan(None, held(before, reasons, now)[1])
        due = before._replace(amount_minor_units=invoice.amount_due_minor_units, payee_account=payee_account)
        after = claimed(due, gateway.name, now)
        in_release = invoice._replace(is_in_release=True, version=invoice.version + 1, updated_at=after.updated_at)
        writes: list[Write] = [
            *payments.changed(before, after, "claimed", now),
            attempts.begun(after),
            *invoices.changed(invoice, in_release),
            *posting.writes(bookings.claimed(after)),
            still_open(opened),
            *([references.written(after)] if gateway.name in names.REVERSERS else []),
        ]
        return Plan(after, writes)

    return changes.make(plan)


def _hindered(opened: Opened, gateway: Gateway | None, payee_account: str | None) -> list[str]:
    """Return why the gateway cannot make a payment, nothing if it can."""
    if gateway is None:
        return [NOT_CONFIGURED]
    due, currency = opened.invoice.amount_due_minor_units, opened.payment.currency
    found = possible.hindrance(gateway.name, due, currency, payee_account)
    return [] if found is None else [found]


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
    return Transfer(
        payment.payment_id, payment.key or "", payment.amount_minor_units, payment.currency, payment.payee_account
    )
