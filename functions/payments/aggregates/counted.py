"""What an invoice counts for in the sums of its tenant, and the writes that bring them up to date.

An invoice counts for its state alone: a change takes away what it counted for before, and adds what it counts for now.
Both are in the transaction of the change, so the sums are what the invoices say, whatever comes twice or out of order.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from shared.storage.attributes import Item, Key
from shared.storage.writes import Add

MONTH: Final = "MONTH#"
CLIENT: Final = "CLIENT#"
COUNT: Final = "n"
AMOUNT: Final = "a"
CHANGES: Final = "changes"
"""How often a sum was added to, so that somebody who works it out anew knows that it is as it was."""
Sums = dict[Key, dict[str, int]]


class Counted(NamedTuple):
    """What reports know of an issued invoice. Days are those of its tenant, amounts minor units.

    One that is open has something due; `paid_on` is there once it is paid, by money.
    """

    tenant_id: str
    currency: str
    client: str
    issued_on: str
    due_on: str
    is_open: bool
    due_minor_units: int
    paid_minor_units: int
    paid_on: str | None

    def sums(self) -> Sums:
        """Return what it adds to which sums."""
        if self.is_open:
            by_day = {count(self.due_on): 1, amount(self.due_on): self.due_minor_units}
            return dict.fromkeys((due_key(self), client_key(self)), by_day)
        if self.paid_on is None:
            return {}
        return {paid_key(self, self.paid_on): self._paid(self.paid_on)}

    def _paid(self, paid_on: str) -> dict[str, int]:
        waited = (date.fromisoformat(paid_on) - date.fromisoformat(self.issued_on)).days
        return {
            "invoices": 1,
            "on_time": int(paid_on <= self.due_on),
            # Who paid before the invoice did not wait.
            "days": max(0, waited),
            "minor_units": self.paid_minor_units,
        }


def outstanding(tenant_id: str) -> str:
    """Return the partition of what is outstanding of a tenant, by the month in which it is due, and by currency."""
    return f"TENANT#{tenant_id}#OUTSTANDING"


def of_clients(tenant_id: str, currency: str) -> str:
    """Return the partition of what is outstanding in a currency, by client and by the month in which it is due."""
    return f"{outstanding(tenant_id)}#{currency}"


def paid(tenant_id: str) -> str:
    """Return the partition of what was paid of a tenant, by month and currency."""
    return f"TENANT#{tenant_id}#PAID"


def due_key(invoice: Counted) -> Key:
    """Return the key of all that is due in the month of an invoice, in its currency."""
    return Key(outstanding(invoice.tenant_id), f"{MONTH}{invoice.due_on[:7]}#{invoice.currency}")


def client_key(invoice: Counted) -> Key:
    """Return the key of what the client of an invoice owes of that month."""
    place = of_clients(invoice.tenant_id, invoice.currency)
    return Key(place, f"{CLIENT}{_escaped(invoice.client)}#{invoice.due_on[:7]}")


def paid_key(invoice: Counted, paid_on: str) -> Key:
    """Return the key of what was paid in a month, in the currency of an invoice."""
    return Key(paid(invoice.tenant_id), f"{MONTH}{paid_on[:7]}#{invoice.currency}")


def count(day: str) -> str:
    """Return the name of the counter that has how many invoices are due on a day of the month of an item."""
    return f"{COUNT}{day[8:]}"


def amount(day: str) -> str:
    """Return the name of the counter that has what is due on that day."""
    return f"{AMOUNT}{day[8:]}"


def of_month(item: Item) -> tuple[str, str]:
    """Return the month and the currency of a sum by these."""
    month, currency = str(item["SK"]).removeprefix(MONTH).split("#")
    return month, currency


def of_client(item: Item) -> tuple[str, str]:
    """Return the client and the month of what one owes."""
    name, _, month = str(item["SK"]).removeprefix(CLIENT).rpartition("#")
    return name.replace("%23", "#").replace("%25", "%"), month


def key_of(item: Item) -> Key:
    """Return the key of a sum."""
    return Key(item["PK"], item["SK"])


def moved(before: Counted | None, after: Counted | None) -> list[Add]:
    """Return the writes by which the sums follow an invoice; None for one that counts for nothing."""
    return added(difference(_sums(after), _sums(before)))


def added(sums: Mapping[Key, Mapping[str, int]]) -> list[Add]:
    """Return the writes that add to sums; none for what does not change one."""
    return [Add(key, {**by, CHANGES: 1}) for key, by in sums.items() if by]


def difference(now: Mapping[Key, Mapping[str, int]], before: Mapping[Key, Mapping[str, int]]) -> Sums:
    """Return what is to be added to sums so that they become others; what is the same is left out."""
    found: Sums = {}
    for key in {**before, **now}:
        by = Counter(now.get(key, {}))
        by.subtract(before.get(key, {}))
        found[key] = {name: each for name, each in by.items() if each}
    return found


def _sums(invoice: Counted | None) -> Sums:
    return {} if invoice is None else invoice.sums()


def _escaped(text: str) -> str:
    """Return a text as a part of a key, which has no `#`."""
    return text.replace("%", "%25").replace("#", "%23")
