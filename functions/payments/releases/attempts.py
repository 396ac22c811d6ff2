"""The attempts of a payment: which key was sent to which gateway when, and what came of it. Kept as long as it is."""

from typing import Final, NamedTuple

from functions.payments import payments
from functions.payments.payments import Payment
from shared import clock
from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Put

PREFIX: Final = "ATTEMPT#"
MOST: Final = 100


class Attempt(NamedTuple):
    """An attempt. `outcome` is None while nobody knows it, `reason` what the gateway said to a failed one."""

    number: int
    key: str
    gateway: str
    claimed_at: str
    ended_at: str | None = None
    outcome: str | None = None
    reason: str | None = None
    reference: str | None = None


def begun(payment: Payment) -> Put:
    """Return the write of the attempt that a payment has just begun."""
    return _written(payment, _of(payment))


def ended(payment: Payment, outcome: str, now: Instant) -> Put:
    """Return the write of the present attempt of a payment as it has ended, guarded by the payment's version."""
    ended_at = clock.to_rfc3339(now)
    return _written(
        payment,
        _of(payment)._replace(ended_at=ended_at, outcome=outcome, reason=payment.failure, reference=payment.reference),
    )


def of(payment: Payment) -> list[Attempt]:
    """Return the attempts of a payment, the first first; one query."""
    place = payments.partition(payment.tenant_id, payment.payment_id)
    return [records.from_item(Attempt, item) for item in table.query(place, PREFIX, limit=MOST).items]


def _of(payment: Payment) -> Attempt:
    return Attempt(payment.attempt, payment.key or "", payment.gateway or "", payment.claimed_at or "")


def _written(payment: Payment, attempt: Attempt) -> Put:
    place = payments.partition(payment.tenant_id, payment.payment_id)
    item: Item = records.to_item(Key(place, f"{PREFIX}{attempt.number:04}"), "PaymentAttempt", attempt)
    return Put(item)
