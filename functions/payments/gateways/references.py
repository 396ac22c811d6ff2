"""Which payment a gateway speaks of by its reference: written before the gateway is asked, so that no event is earlier.

Tenant and payment of a webhook come from here alone, and never from its path or its body.
"""

from typing import NamedTuple

from functions.payments.payments import Payment
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import Put


class Reference(NamedTuple):
    """The payment of a reference."""

    tenant_id: str
    payment_id: str


def key(gateway: str, reference: str) -> Key:
    """Return the key of a reference, which is an id of a payment."""
    return Key(f"GATEWAY#{gateway}#{reference}", "PAYMENT")


def written(payment: Payment) -> Put:
    """Return the write by which the gateway of a claimed payment may speak of it; it says the same each time."""
    place = key(payment.gateway or "", payment.payment_id)
    return Put(records.to_item(place, "GatewayReference", Reference(payment.tenant_id, payment.payment_id)))


def find(gateway: str, reference: str) -> Reference | None:
    """Return the payment of a reference, None if there is none; one call."""
    item = table.get(key(gateway, reference), consistent=True)
    return None if item is None else records.from_item(Reference, item)
