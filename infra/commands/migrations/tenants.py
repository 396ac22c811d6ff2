"""Shape 3: every tenant has its entry in the list of all tenants."""

from functions.identity.accounts import tenants
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, Put

_UNITS = 2


def mend(item: Item) -> int:
    """Write the entry of a tenant, unless there is one, and return the write units it took."""
    tenant_id = item["tenant_id"]
    if table.get(tenants.entry_key(tenant_id)) is not None:
        return 0
    try:
        table.transact([Put(tenants.entry(tenant_id), ABSENT)])
    except (ConditionFailed, Contended):
        return 0
    return _UNITS
