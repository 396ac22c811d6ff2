"""What is due on which day, read from the sums of a tenant.

What a read costs grows with the months and the clients that something was due of, and not with the invoices.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from functions.payments.aggregates import counted
from functions.payments.reports.ages import Due
from shared.storage import cursors, table
from shared.storage.attributes import Item

_AT_ONCE: Final = 1000
"""How many months of clients a page looks at, at most; so many have some 300 KB."""


class Client(NamedTuple):
    """A client by their name on invoices, and what is due of theirs."""

    name: str
    dues: Sequence[Due]


def of_tenant(tenant_id: str) -> Mapping[str, Sequence[Due]]:
    """Return what is due of a tenant, by currency; one query."""
    found: dict[str, list[Due]] = {}
    for item in table.query_all(counted.outstanding(tenant_id), counted.MONTH):
        month, currency = counted.of_month(item)
        dues = [*_of_month(item, month)]
        if dues:
            found.setdefault(currency, []).extend(dues)
    return found


def of_clients(tenant_id: str, currency: str, *, limit: int, cursor: str | None) -> tuple[list[Client], str | None]:
    """Return a page of the clients of whom something is due, by their names; one query. It may be short.

    Raises Malformed.
    """
    place = counted.of_clients(tenant_id, currency)
    found = table.query(place, counted.CLIENT, limit=_AT_ONCE, cursor=cursor)
    months = [[*each] for _, each in groupby(found.items, lambda item: counted.of_client(item)[0])]
    # The page may end within the months of a client, who is then the first of the next.
    whole = months[:-1] if found.next_cursor and len(months) > 1 else months
    shown = whole[:limit]
    is_last = len(shown) == len(months) and found.next_cursor is None
    clients = [Client(counted.of_client(each[0])[0], [*_of_months(each)]) for each in shown]
    following = None if is_last else cursors.after(shown[-1][-1], index=False)
    return [each for each in clients if each.dues], following


def _of_months(items: Iterable[Item]) -> Iterator[Due]:
    for item in items:
        yield from _of_month(item, counted.of_client(item)[1])


def _of_month(item: Item, month: str) -> Iterator[Due]:
    """Yield what is due on the days of a month."""
    for name, invoices in item.items():
        if name.startswith(counted.COUNT) and name[1:].isdigit() and invoices:
            day = f"{month}-{name[1:]}"
            yield Due(date.fromisoformat(day), invoices, item.get(counted.amount(day), 0))
