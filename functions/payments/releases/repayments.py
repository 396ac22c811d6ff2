"""The refunds of a payment as they are stored, beside it and as long as it is."""

from typing import Final, NamedTuple

from functions.payments import payments
from functions.payments.payments import Payment
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put

PREFIX: Final = "REFUND#"
MOST: Final = 100
"""How many refunds of a payment are shown."""


class Refund(NamedTuple):
    """A refund as it is stored; the amount is in minor units."""

    refund_id: str
    amount_minor_units: int
    reason: str
    refunded_by: str | None
    refunded_at: str


def made(payment: Payment, refund: Refund) -> Put:
    """Return the write of a new refund of a payment."""
    place = payments.partition(payment.tenant_id, payment.payment_id)
    return Put(records.to_item(Key(place, f"{PREFIX}{refund.refund_id}"), "Refund", refund), ABSENT)


def of(payment: Payment) -> list[Refund]:
    """Return the refunds of a payment, the first first; one query."""
    place = payments.partition(payment.tenant_id, payment.payment_id)
    return [records.from_item(Refund, item) for item in table.query(place, PREFIX, limit=MOST).items]
