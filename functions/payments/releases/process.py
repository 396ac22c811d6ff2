"""The process of a payment: what is due of it now is done, one conditional write after the other.

It may be asked at any time, however often, and by several at once: what it does follows from what is stored. Whoever
dies between two steps leaves a payment that is due, and the sweep has it looked at again.
"""

from collections.abc import Callable
from typing import Final

from functions.payments import payments
from functions.payments.gateways.gateways import Gateway, Outcome
from functions.payments.payments import Payment
from functions.payments.releases import claiming, concluding, patience, refunds, requesting, returning
from functions.payments.settings import settings
from shared import clock
from shared.clock import Instant

Gateways = Callable[[str], Gateway | None]
"""Returns the gateway of a name, None if the stage has no account there."""

_STEPS: Final = 4
"""Asked for, claimed and concluded; and asked for once more after a failure whose pause is over."""


def advance(tenant_id: str, payment_id: str, gateways: Gateways) -> Payment | None:
    """Do what is due of a payment, and return it as it is then; None if there is none."""
    found = payments.find(tenant_id, payment_id)
    for _ in range(_STEPS):
        if found is None:
            return None
        after = _step(found, gateways, clock.now())
        if after is None or after.version == found.version:
            return found
        found = after
    return found


def _step(payment: Payment, gateways: Gateways, now: Instant) -> Payment | None:
    """Return the payment after its next step, None if nothing is due of it."""
    tenant_id, payment_id = payment.tenant_id, payment.payment_id
    match payment.status:
        case "invoiced":
            return requesting.by_itself(tenant_id, payment_id)
        case "failed" if requesting.is_due(payment, now):
            return requesting.again(tenant_id, payment_id)
        case "release_requested":
            gateway = gateways(settings.find(tenant_id).gateway)
            claimed = claiming.claim(tenant_id, payment_id, gateway)
            if claimed is None or gateway is None:
                return payments.find(tenant_id, payment_id)
            return _concluded(claimed, _sent(claimed, gateway))
        case "processing" if requesting.is_due(payment, now):
            return _looked_at(payment, gateways(payment.gateway or ""), now)
        case "completed" | "partially_refunded" if requesting.is_due(payment, now):
            return _refunded(payment, gateways, now)
        case "on_hold":
            return requesting.cancel_if_ended(tenant_id, payment_id)
    return None


def _sent(payment: Payment, gateway: Gateway) -> Outcome:
    """Return the outcome of an attempt that begins; from the second on only what the gateway does not know is sent."""
    transfer = claiming.transfer(payment)
    if payment.attempt > 1 and (known := gateway.find(transfer)).what != "absent":
        return known
    return gateway.send(transfer)


def _refunded(payment: Payment, gateways: Gateways, now: Instant) -> Payment | None:
    """Return a payment after the next step of what is to be paid back of it."""
    if payment.refunding is not None:
        return returning.advance(payment, gateways(payment.gateway or ""), now)
    return refunds.by_itself(payment.tenant_id, payment.payment_id)


def _looked_at(payment: Payment, gateway: Gateway | None, now: Instant) -> Payment | None:
    """Return a payment after its gateway was asked; what it does not know is sent again with the same key."""
    if gateway is None:
        return _concluded(payment, Outcome("unknown"))
    transfer = claiming.transfer(payment)
    outcome, since = gateway.find(transfer), clock.from_rfc3339(payment.claimed_at or payment.updated_at)
    if outcome.what == "absent" and patience.may_repeat(since, now):
        return _concluded(payment, gateway.send(transfer), is_certain=False)
    return _concluded(payment, outcome)


def _concluded(payment: Payment, outcome: Outcome, *, is_certain: bool = True) -> Payment | None:
    return concluding.conclude(payment, outcome, is_certain=is_certain)
