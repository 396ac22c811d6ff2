"""Shape 5: the invoices of a tenant are counted in the sums that reports are made of."""

from functions.payments.reports import rebuilding
from shared.storage.attributes import Item

_UNITS_OF_A_SUM = 2


class Counter:
    """Works out the sums of each tenant that has an invoice, once in a run."""

    def __init__(self) -> None:
        self._counted = set[str]()

    def __call__(self, item: Item) -> int:
        """Count the invoices of the tenant of one, and return the write units it took."""
        tenant_id = item["tenant_id"]
        if tenant_id in self._counted:
            return 0
        self._counted.add(tenant_id)
        return _UNITS_OF_A_SUM * rebuilding.rebuild(tenant_id)
