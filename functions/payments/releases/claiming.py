"""The claim of a payment: who is about to ask the gateway says so before, with attempt and key.

Whoever finds a claimed payment asks what became of it, and never sends it with another key.
"""

from typing import Final

from functions.payments import payments
from functions.payments.escrow import funds
from functions.payments.escrow.funds import Funds
from functions.payments.gateways import names, possible, references
from functions.payments.gateways.gateways import Gateway, Transfer
from functions.payments.invoices import invoices
from functions.payments.ledger import posting
from functions.payments.payments import Payment
from functions.payments.releases import attempts, bookings, opening, patience
from functions.payments.releases.opening import Opened
from functions.payments.releases.requesting import closed, ended, held, is_due, still_open
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
    and what was paid from outside is cancelled. What the deposits of a project in escrow do not cover waits for one.
    """

    def plan() -> Plan[Payment | None]:
        now = clock.now()
        found = opening.to_claim(tenant_id, payment_id)
        if found is None or found[0].payment.status != "release_requested":
            return Plan(None)
        opened, drawn = found
        before, invoice = opened.payment, opened.invoice
        if (gone := ended(opened, now)) is not None:
            return Plan(None, gone[1])
        payee_account = opened.payee_account(now)
        reasons = closed(opened) or _hindered(opened, gateway, payee_account)
        if reasons or gateway is None:
            return Plan(None, held(before, reasons, now)[1])
        if not drawn.cover(invoice.amount_due_minor_units):
            return Plan(None, _waiting(opened, now))
        due = before._replace(
            amount_minor_units=invoice.amount_due_minor_units,
            payee_account=payee_account,
            is_from_escrow=drawn.is_escrow,
        )
        after = claimed(due, gateway.name, now)
        return Plan(after, [*_writes(opened, after, now), funds.still(tenant_id, before.project_id, drawn)])

    return changes.make(plan)


def _writes(opened: Opened, after: Payment, now: Instant) -> list[Write]:
    """Return the writes of a payment that is claimed now; its deposits cover it, or all fail."""
    before, invoice = opened.payment, opened.invoice
    in_release = invoice._replace(is_in_release=True, version=invoice.version + 1, updated_at=after.updated_at)
    return [
        *payments.changed(before, after, "claimed", now),
        attempts.begun(after),
        *invoices.changed(invoice, in_release),
        *posting.writes(bookings.claimed(after)),
        still_open(opened),
        *([references.written(after)] if after.gateway in names.REVERSERS else []),
    ]


def _waiting(opened: Opened, now: Instant) -> list[Write]:
    """Return the writes of a payment that waits for a deposit, none if it has done so and is not due.

    The project is still in escrow and lacks the amount when they are made, so no deposit can come unseen.
    """
    before, amount = opened.payment, opened.invoice.amount_due_minor_units
    if before.waits_for_deposit and before.amount_minor_units == amount and not is_due(before, now):
        return []
    after = before.touched(
        now,
        amount_minor_units=amount,
        reasons=[payments.DEPOSIT_MISSING],
        due_at=clock.to_rfc3339(now + patience.DEPOSIT_LOOKS),
    )
    place = before.tenant_id, before.project_id
    return [
        *payments.changed(before, after, None if before.waits_for_deposit else "deposit_awaited", now),
        funds.still(*place, Funds(is_escrow=True)),
        funds.still_lacking(*place, before.currency, amount),
    ]


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
