"""A provider of a tenant: its record, its keys, its secrets, and how it is read. `lifecycle.py` changes it.

A secret is sealed, never shown again, and replaced by a change. Milepost makes the secrets that receipts are signed
with; after a rotation the one before is good for a while, besides the new one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, cast

from functions.audience.delivery.messages import Channel
from shared import clock, ids, sealing
from shared.callers import api_keys
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Condition, Delete, Put, unchanged

Kind = Literal["ses", "sns", "twilio", "whatsapp", "webhook", "push"]

ID: Final = "prv"
PREFIX: Final = "PROVIDER#"
_ENTITY: Final = "DeliveryProvider"


class ProviderNotFound(NotFound):
    """404: your tenant has no delivery provider with this id."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no delivery provider with this id.")


class ReceiptSecret(NamedTuple):
    """A secret that receipts are signed with, sealed; `ends_at` is when it is good no longer, None for the newest."""

    secret_id: str
    sealed: str
    created_at: str
    ends_at: Instant | None


class Provider(NamedTuple):
    """A provider as it is stored.

    `dedupes` says that a message whose `send_id` it has taken before has no second effect. `receipts_by_vendor_id` says
    that its receipts name a message by its own id alone. `per_minute` is how many messages it takes in any minute.
    """

    tenant_id: str
    provider_id: str
    kind: Kind
    channel: Channel
    name: str
    settings: Mapping[str, Any]
    sealed_secrets: Mapping[str, str]
    receipt_secrets: Sequence[ReceiptSecret]
    created_by: str
    created_at: str
    updated_at: str
    version: int
    dedupes: bool = False
    receipts_by_vendor_id: bool = False
    per_minute: int | None = None


class Pointer(NamedTuple):
    """Whose a provider is: a receipt names the provider alone."""

    tenant_id: str


class Catalogue(NamedTuple):
    """How many providers a tenant has, and which is taken for a channel where a campaign names none."""

    defaults: Mapping[str, str]
    providers: int
    version: int


def partition(tenant_id: str) -> str:
    """Return the partition of the providers of a tenant."""
    return f"TENANT#{tenant_id}#PROVIDERS"


def key(tenant_id: str, provider_id: str) -> Key:
    """Return the key of a provider. Raises ProviderNotFound for an id that none can have."""
    if not ids.is_valid(provider_id, ID):
        raise ProviderNotFound
    return Key(partition(tenant_id), f"{PREFIX}{provider_id}")


def pointer_key(provider_id: str) -> Key:
    """Return the key of what says whose a provider is. Raises ProviderNotFound for an id that none can have."""
    if not ids.is_valid(provider_id, ID):
        raise ProviderNotFound
    return Key(f"{PREFIX}{provider_id}", "PROVIDER")


def catalogue_key(tenant_id: str) -> Key:
    """Return the key of the catalogue of a tenant's providers."""
    return Key(partition(tenant_id), "CATALOGUE")


def get(tenant_id: str, provider_id: str, *, consistent: bool = True) -> Provider:
    """Return a provider. Raises ProviderNotFound."""
    item = table.get(key(tenant_id, provider_id), consistent=consistent)
    if item is None:
        raise ProviderNotFound
    return from_item(item)


def of_receipt(provider_id: str) -> Provider:
    """Return the provider that a receipt names, whosever it is. Raises ProviderNotFound."""
    pointer = table.get(pointer_key(provider_id))
    if pointer is None:
        raise ProviderNotFound
    return get(pointer["tenant_id"], provider_id, consistent=False)


def for_channel(tenant_id: str, channel: Channel, provider_id: str | None = None) -> Provider | None:
    """Return the provider for messages of a channel: the one that is named, else the default of the tenant.

    None when there is none, or when the one that is named serves another channel.
    """
    chosen = provider_id or catalogue(tenant_id).defaults.get(channel)
    try:
        found = None if chosen is None else get(tenant_id, chosen)
    except ProviderNotFound:
        return None
    return found if found is not None and found.channel == channel else None


def catalogue(tenant_id: str) -> Catalogue:
    """Return the catalogue of a tenant, at version 0 before its first provider."""
    item = table.get(catalogue_key(tenant_id), consistent=True)
    return Catalogue({}, 0, 0) if item is None else records.from_item(Catalogue, item)


def page(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[Provider], str | None]:
    """Return a page of the providers of a tenant, oldest first."""
    found = table.query(partition(tenant_id), PREFIX, limit=limit, cursor=cursor)
    return [from_item(item) for item in found.items], found.next_cursor


def secret_of(provider: Provider, name: str) -> str:
    """Return a secret of a provider as it was sent. Raises KeyError, Unavailable."""
    return sealing.unseal(api_keys.pepper, provider.sealed_secrets[name], owner=_owner(provider.provider_id))


def sealed(provider_id: str, text: str) -> str:
    """Return a secret as it is stored with its provider. Raises Unavailable."""
    return sealing.seal(api_keys.pepper, text, owner=_owner(provider_id))


def sealed_receipt_secret(provider_id: str, text: str, *, at: Instant) -> ReceiptSecret:
    """Return how a new secret of receipts is stored with its provider. Raises Unavailable."""
    return ReceiptSecret(ids.new("secret", at=at), sealed(provider_id, text), clock.to_rfc3339(at), None)


def receipt_secrets(provider: Provider, at: Instant) -> list[str]:
    """Return the secrets that a receipt may be signed with at an instant, the newest first. Raises Unavailable."""
    owner = _owner(provider.provider_id)
    return [sealing.unseal(api_keys.pepper, each.sealed, owner=owner) for each in live(provider, at)]


def live(provider: Provider, at: Instant) -> list[ReceiptSecret]:
    """Return the secrets of receipts that are good at an instant, the newest first."""
    return [each for each in provider.receipt_secrets if each.ends_at is None or at < each.ends_at]


def written(provider: Provider, condition: Condition) -> Put:
    """Return the write of a provider."""
    item = records.to_item(key(provider.tenant_id, provider.provider_id), _ENTITY, provider)
    return Put(item | {"receipt_secrets": [each._asdict() for each in provider.receipt_secrets]}, condition)


def removed(provider: Provider) -> list[Delete]:
    """Return the writes that remove a provider and what points to it."""
    at = unchanged(provider.version)
    return [Delete(key(provider.tenant_id, provider.provider_id), at), Delete(pointer_key(provider.provider_id))]


def pointed(provider: Provider) -> Put:
    """Return the write by which a receipt finds the tenant of a provider."""
    pointer = Pointer(provider.tenant_id)
    return Put(records.to_item(pointer_key(provider.provider_id), "DeliveryProviderPointer", pointer), ABSENT)


def catalogued(tenant_id: str, before: Catalogue, after: Catalogue) -> Put:
    """Return the write of a catalogue; of two changes at once, one is planned again."""
    item = records.to_item(catalogue_key(tenant_id), "DeliveryProviders", after._replace(version=before.version + 1))
    return Put(item, unchanged(before.version) if before.version else ABSENT)


def happened(what: str, provider: Provider, at: Instant) -> Put:
    """Return the write of the event `audience.provider.<what>`."""
    return events.occurred(
        f"audience.provider.{what}",
        partition=f"TENANT#{provider.tenant_id}#{PREFIX}{provider.provider_id}",
        subject_id=provider.provider_id,
        tenant_id=provider.tenant_id,
        at=at,
        data={
            "provider_id": provider.provider_id,
            "kind": provider.kind,
            "channel": provider.channel,
            "provider_version": provider.version,
        },
    )


def from_item(item: Item) -> Provider:
    """Return the provider of an item."""
    secrets = [records.from_item(ReceiptSecret, cast("Item", each)) for each in item["receipt_secrets"]]
    return records.from_item(Provider, item)._replace(receipt_secrets=secrets)


def _owner(provider_id: str) -> str:
    return f"provider {provider_id}"
