"""Which campaigns use a provider and are not over: one item, in the transaction that starts or ends a campaign.

A provider that is deleted while a campaign starts with it meets that campaign here: one of the two is planned again.
"""

from collections.abc import Sequence
from typing import NamedTuple

from functions.audience.delivery import providers
from functions.audience.delivery.providers import Provider
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Check, Delete, Put, Write, unchanged


class Uses(NamedTuple):
    """The campaigns that use a provider, at version 0 before the first."""

    campaign_ids: Sequence[str]
    version: int


def key(tenant_id: str, provider_id: str) -> Key:
    """Return the key of the campaigns that use a provider."""
    return Key(providers.partition(tenant_id), f"USES#{provider_id}")


def read(tenant_id: str, provider_id: str) -> Uses:
    """Return the campaigns that use a provider."""
    item = table.get(key(tenant_id, provider_id), consistent=True)
    return Uses((), 0) if item is None else records.from_item(Uses, item)


def begun(provider: Provider, campaign_id: str) -> list[Write]:
    """Return the writes by which a campaign uses a provider that is still there, until it is over."""
    before = read(provider.tenant_id, provider.provider_id)
    after = [*(each for each in before.campaign_ids if each != campaign_id), campaign_id]
    there = Check(providers.key(provider.tenant_id, provider.provider_id), unchanged(provider.version))
    return [there, _written(provider.tenant_id, provider.provider_id, before, after)]


def ended(tenant_id: str, provider_id: str, campaign_id: str) -> list[Write]:
    """Return the writes by which a campaign that is over uses a provider no more; none if it does not."""
    before = read(tenant_id, provider_id)
    if campaign_id not in before.campaign_ids:
        return []
    after = [each for each in before.campaign_ids if each != campaign_id]
    return [_written(tenant_id, provider_id, before, after)]


def none(tenant_id: str, provider_id: str, before: Uses) -> Write:
    """Return the write that removes what was read, and fails where a campaign has begun to use the provider since."""
    there = key(tenant_id, provider_id)
    return Delete(there, unchanged(before.version)) if before.version else Check(there, ABSENT)


def _written(tenant_id: str, provider_id: str, before: Uses, campaign_ids: Sequence[str]) -> Put:
    after = Uses(campaign_ids, before.version + 1)
    item = records.to_item(key(tenant_id, provider_id), "DeliveryProviderUses", after)
    return Put(item, unchanged(before.version) if before.version else ABSENT)
