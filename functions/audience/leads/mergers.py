"""Which leads were merged into a lead: an item for each, which stays, so that an erasure reaches what names them."""

from typing import NamedTuple

from functions.audience.leads import leads
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import Put

PREFIX = "MERGED#"
_ENTITY = "LeadMerged"


class Merger(NamedTuple):
    """That a lead was merged into another."""

    tenant_id: str
    lead_id: str
    merged_id: str


def noted(tenant_id: str, lead_id: str, *, merged_id: str) -> Put:
    """Return the write that notes a lead as one that was merged into another, for the transaction that does so."""
    key = Key(leads.partition(tenant_id, lead_id), f"{PREFIX}{merged_id}")
    return Put(records.to_item(key, _ENTITY, Merger(tenant_id, lead_id, merged_id)))


def into(tenant_id: str, lead_id: str) -> list[str]:
    """Return the ids of all leads that were ever merged into one, those included that came by way of others."""
    found, waiting = list[str](), [lead_id]
    while waiting:
        place = leads.partition(tenant_id, waiting.pop())
        merged = [records.from_item(Merger, item).merged_id for item in table.query_all(place, PREFIX)]
        found += merged
        waiting += merged
    return found
