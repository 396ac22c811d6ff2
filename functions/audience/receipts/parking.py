"""Receipts that name a message by the provider's id alone, and came before anybody knew whose message that is.

Each side writes its item and then reads the other's: the worker writes whose the message is and looks what is parked,
and a receipt is parked before it is looked once more whose the message is. So one of the two finds both.
"""

from typing import Final

from functions.audience.delivery import vendor_messages
from functions.audience.receipts import receipts
from functions.audience.receipts.receipts import Receipt
from shared import clock
from shared.storage import table
from shared.storage.attributes import Item, Key

KEPT: Final = clock.DAY
PREFIX: Final = "PARKED#"
_ENTITY: Final = "ParkedReceipt"


def addressed(receipt: Receipt) -> Receipt | None:
    """Return a receipt with campaign and lead; None when nobody knows yet whose message it is of: then it is parked."""
    if receipt.is_addressed:
        return receipt
    found = _addressed(receipt)
    if found is None:
        table.put_many([_parked(receipt)])
        found = _addressed(receipt)
    return found


def waiting(provider_id: str, message_id: str) -> list[Receipt]:
    """Return what is parked of a provider's message, with campaign and lead where these are known now."""
    found = table.query_all(vendor_messages.partition(provider_id, message_id), PREFIX)
    there = [_addressed(receipts.of_message(item["receipt"])) for item in found]
    return [each for each in there if each is not None]


def _addressed(receipt: Receipt) -> Receipt | None:
    if receipt.provider_id is None or receipt.vendor_message_id is None:
        return None
    owner = vendor_messages.find(receipt.provider_id, receipt.vendor_message_id)
    if owner is None or owner.tenant_id != receipt.tenant_id:
        return None
    return receipt._replace(campaign_id=owner.campaign_id, lead_id=owner.lead_id)


def _parked(receipt: Receipt) -> Item:
    place = vendor_messages.partition(receipt.provider_id or "", receipt.vendor_message_id or "")
    key = Key(place, f"{PREFIX}{receipt.status}")
    ends_at = (clock.now() + KEPT) // clock.SECOND
    told = receipts.to_message(receipt)
    return {"PK": key.pk, "SK": key.sk, "entity": _ENTITY, "ttl": ends_at, "receipt": told}
