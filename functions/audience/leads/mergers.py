"""Which leads were merged into a lead: an item for each, which stays, so that an erasure reaches what names them."""

from functions.audience.leads import leads
from shared.storage import table
from shared.storage.writes import Put

PREFIX = "MERGED#"
_ENTITY = "LeadMerged"


def noted(tenant_id: str, lead_id: str, *, merged_id: str) -> Put:
    """Return the write that notes a lead as one that was merged into another, for the transaction that does so."""
    return Put({"PK": leads.partition(tenant_id, lead_id), "SK": f"{PREFIX}{merged_id}", "entity": _ENTITY})


def into(tenant_id: str, lead_id: str) -> list[str]:
    """Return the ids of all leads that were ever merged into one, those included that came by way of others."""
    found, waiting = list[str](), [lead_id]
    while waiting:
        place = leads.partition(tenant_id, waiting.pop())
        merged = [item["SK"].removeprefix(PREFIX) for item in table.query_all(place, PREFIX)]
        found += merged
        waiting += merged
    return found
