"""Events of Stripe: what the ones about transfers tell of a payment. Pure.

https://docs.stripe.com/api/events/types: `transfer.created`, `transfer.updated` and `transfer.reversed` carry the
transfer. What else Stripe tells, and transfers that are not of our making, say nothing here.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from functions.payments.gateways.stripe import amounts
from functions.payments.gateways.told import Told
from shared import ids
from shared.errors import Malformed

TYPES: Final = frozenset({"transfer.created", "transfer.updated", "transfer.reversed"})
_LONGEST: Final = 255
_IMPOSSIBLE: Final = -1


def read(raw: bytes) -> Told | None:
    """Return what an event tells of a payment, None if nothing. Raises Malformed for what no event is."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON in UTF-8.") from error
    if not isinstance(said, dict) or not _is_name(said.get("id")):
        raise Malformed("The body is not an event of Stripe: `id` is missing.")
    transfer = (said.get("data") or {}).get("object") if isinstance(said.get("data"), dict) else None
    if said.get("type") not in TYPES or not isinstance(transfer, dict):
        return None
    return _told(said["id"], transfer)


def _told(event_id: str, transfer: Mapping[str, Any]) -> Told | None:
    group, name, currency = transfer.get("transfer_group"), transfer.get("id"), transfer.get("currency")
    numbers = transfer.get("amount"), transfer.get("amount_reversed", 0)
    if not _is_name(group) or not ids.is_valid(str(group), "pay") or not _is_name(name) or not _is_name(currency):
        return None
    if any(type(each) is not int for each in numbers):
        return None
    code = str(currency).upper()
    amount, back = (amounts.from_stripe(int(each or 0), code) for each in numbers)
    return Told(
        event_id=event_id,
        reference=str(group),
        transfer=str(name),
        # What Stripe never sends is the amount of no payment.
        amount_minor_units=_IMPOSSIBLE if amount is None else amount,
        reversed_minor_units=0 if back is None else back,
        currency=code,
    )


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST and "#" not in value and value.isascii()
