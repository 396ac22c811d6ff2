"""The links of a campaign as they were when it was prepared: what a token counts is a place in this list."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put

_ENTITY: Final = "CampaignLinks"


class Links(NamedTuple):
    """The addresses, in the order of the templates; none where clicks are not counted."""

    addresses: Sequence[str] = ()


def frozen(tenant_id: str, campaign_id: str, addresses: Sequence[str]) -> Put:
    """Return the write that keeps the links of a campaign, once."""
    return Put(records.to_item(_key(tenant_id, campaign_id), _ENTITY, Links(addresses)), ABSENT)


def find(tenant_id: str, campaign_id: str) -> Links:
    """Return the links of a campaign, none before it was prepared."""
    item = table.get(_key(tenant_id, campaign_id), consistent=True)
    return Links() if item is None else records.from_item(Links, item)


def _key(tenant_id: str, campaign_id: str) -> Key:
    return Key(f"TENANT#{tenant_id}#CAMPAIGN#{campaign_id}", "LINKS")
