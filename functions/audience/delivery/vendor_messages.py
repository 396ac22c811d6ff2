"""Which recipient a provider's message is to, where the receipts of the provider name the message alone.

Written once the provider has answered with its id, for providers with `receipts_by_vendor_id`, and kept for 30 days.
The key names no tenant, for whoever receives a receipt does not know it yet.
"""

import hashlib
from typing import Final, NamedTuple

from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider
from shared import clock
from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key

KEPT: Final = 30 * clock.DAY
_ENTITY: Final = "VendorMessage"


class VendorMessage(NamedTuple):
    """Whose a message of a provider is, and to whom."""

    tenant_id: str
    campaign_id: str
    lead_id: str


class VendorPointer(NamedTuple):
    """What points from a provider's message to its recipient: an item, as good whoever writes it last."""

    provider_id: str
    message_id: str
    item: Item


def partition(provider_id: str, message_id: str) -> str:
    """Return the partition of what is known of a provider's message: whose it is, and receipts that came before."""
    return f"VENDOR#{provider_id}#{hashlib.sha256(message_id.encode()).hexdigest()}"


def key(provider_id: str, message_id: str) -> Key:
    """Return the key of the pointer of a provider's message."""
    return Key(partition(provider_id, message_id), "MESSAGE")


def pointed(provider: Provider, message: Message, message_id: str | None, *, at: Instant) -> VendorPointer | None:
    """Return what points from a provider's message to its recipient, None where receipts need none."""
    if not provider.receipts_by_vendor_id or message_id is None:
        return None
    pointer = VendorMessage(provider.tenant_id, message.campaign_id, message.lead_id)
    item = records.to_item(key(provider.provider_id, message_id), _ENTITY, pointer)
    return VendorPointer(provider.provider_id, message_id, item | {"ttl": (at + KEPT) // clock.SECOND})


def find(provider_id: str, message_id: str) -> VendorMessage | None:
    """Return whose a provider's message is, None while nobody has written it."""
    item = table.get(key(provider_id, message_id), consistent=True)
    return None if item is None else records.from_item(VendorMessage, item)
