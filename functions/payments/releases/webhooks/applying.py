"""What an event of a gateway makes of a payment: forward only, and to people where both do not agree."""

from functions.payments import payments
from functions.payments.gateways.told import Told
from functions.payments.payments import Payment
from functions.payments.releases import concluding
from functions.payments.releases.opening import Opened
from functions.payments.transition import SETTLED
from shared.clock import Instant
from shared.storage.writes import Write

EXISTS = "transfer_exists"
"""Why a payment is held that the gateway has made, though it had failed for us."""


def writes(opened: Opened, told: Told, now: Instant) -> list[Write]:
    """Return the writes of what an event tells of a payment, none if it tells nothing new."""
    payment = opened.payment
    agrees = (told.amount_minor_units, told.currency) == (payment.amount_minor_units, payment.currency)
    stands = told.reversed_minor_units == 0
    if "processing" in (payment.status, payment.held_from):
        if agrees and stands:
            return concluding.settled(opened, told.transfer, now)[1]
        return _doubted(payment, now)
    if payment.status in SETTLED:
        return [] if agrees and _is_known(payment, told) else [payments.told(payment, "contradicted", now)]
    return _unexpected(payment, now) if told.reversed_minor_units < told.amount_minor_units else []


def _doubted(payment: Payment, now: Instant) -> list[Write]:
    if payment.status == "on_hold":
        return []
    return concluding.doubted(payment, "amount_differs", now)[1]


def _is_known(payment: Payment, told: Told) -> bool:
    """Return whether a settled payment was made by this transfer, and no more of it reversed than was refunded.

    Less is what an earlier event says that comes late.
    """
    asked = 0 if payment.refunding is None else payment.refunding["amount_minor_units"]
    return payment.reference == told.transfer and told.reversed_minor_units <= payment.refunded_minor_units + asked


def _unexpected(payment: Payment, now: Instant) -> list[Write]:
    """Return the writes for a payment that was made, though no attempt at it is open."""
    if payment.status == "on_hold":
        return []
    if payment.status == "cancelled":
        return [payments.told(payment, "contradicted", now)]
    return payments.changed(payment, payment.moved("hold", now, reasons=[EXISTS]), "held", now)
