"""The sums of a tenant worked out anew from its invoices: for those made before there were sums, and to prove them.

A sum is mended only if nothing has added to it since it was read, so this may run while invoices change.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from functions.payments.aggregates import counted
from functions.payments.aggregates.counted import Sums
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from shared.storage import changes, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Add, Condition, Write

_TOGETHER: Final = 50
"""How many sums are mended in a transaction."""
_AT_ONCE: Final = 100


def rebuild(tenant_id: str) -> int:
    """Bring the sums of a tenant to what its invoices say, and return how many were wrong."""
    mended = 0

    def plan() -> Plan[int]:
        writes = [*_mending(tenant_id)][:_TOGETHER]
        return Plan(len(writes), writes)

    while (count := changes.make(plan)) > 0:
        mended += count
    return mended


def said_by_invoices(tenant_id: str) -> Sums:
    """Return what the sums of a tenant should be, without those of nothing."""
    found: Sums = {}
    for invoice in _all(tenant_id):
        one = invoice.counted
        for key, by in ({} if one is None else one.sums()).items():
            sums = found.setdefault(key, {})
            for name, each in by.items():
                sums[name] = sums.get(name, 0) + each
    return {key: {name: each for name, each in by.items() if each} for key, by in found.items()}


def kept(tenant_id: str, currencies: Collection[str]) -> tuple[Sums, Mapping[Key, int]]:
    """Return the sums of a tenant as they are, without those of nothing, and how often each was added to."""
    places = [(counted.outstanding(tenant_id), counted.MONTH), (counted.paid(tenant_id), counted.MONTH)]
    places += [(counted.of_clients(tenant_id, each), counted.CLIENT) for each in sorted(currencies)]
    sums: Sums = {}
    editions: dict[Key, int] = {}
    for partition, prefix in places:
        for item in table.query_all(partition, prefix):
            key = counted.key_of(item)
            editions[key] = item[counted.CHANGES]
            sums[key] = {
                name: each for name, each in item.items() if isinstance(each, int) and each and name != counted.CHANGES
            }
    return sums, editions


def _mending(tenant_id: str) -> Iterator[Write]:
    """Yield the writes that mend what is wrong. The sums are read first, and what they are of is read after them."""
    currencies = {each.currency for each in _all(tenant_id)}
    sums, editions = kept(tenant_id, currencies)
    missing = counted.difference(said_by_invoices(tenant_id), sums)
    for write in counted.added(missing):
        edition = editions.get(write.key)
        yield Add(write.key, write.amounts, ABSENT if edition is None else _still(edition))


def _still(edition: int) -> Condition:
    return Condition("#changes = :edition", {"#changes": counted.CHANGES}, {":edition": edition})


def _all(tenant_id: str) -> Iterator[Invoice]:
    """Yield the invoices of a tenant."""
    cursor = None
    while True:
        found = table.query(
            invoices.of_tenant(tenant_id), invoices.ENTRY, limit=_AT_ONCE, cursor=cursor, consistent=True
        )
        keys = [invoices.key(tenant_id, each["invoice_id"]) for each in found.items]
        items = table.get_many(keys, consistent=True) if keys else []
        yield from (invoices.from_item(item) for item in items if item is not None)
        cursor = found.next_cursor
        if cursor is None:
            return
