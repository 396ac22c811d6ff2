"""How long clients take to pay, and how often in time: by the months in which invoices were paid."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from functions.payments.aggregates import counted
from functions.payments.billing import months
from shared import wording
from shared.storage import table

View = dict[str, Any]

YEAR: Final = 12
_PERCENT: Final = 100


class Paid(NamedTuple):
    """How many invoices were paid, how many of them in time, after how many days together, and with how much."""

    invoices: int = 0
    on_time: int = 0
    days: int = 0
    minor_units: int = 0


def report(tenant_id: str, today: date, currency: str | None, count: int) -> View:
    """Return how long clients took in the last so many months, the present one with them; one query."""
    found = of_tenant(tenant_id, today, count)
    shown = [_of_currency(each, found[each]) for each in sorted(found) if currency in (None, each)]
    return {"as_of": today.isoformat(), "currencies": shown}


def of_tenant(tenant_id: str, today: date, count: int) -> Mapping[str, Sequence[tuple[str, Paid]]]:
    """Return what was paid in the last so many months, by currency and month; one query."""
    first = months.later(today, 1 - count, on=1).isoformat()[:7]
    found: dict[str, list[tuple[str, Paid]]] = {}
    for item in table.query_all(counted.paid(tenant_id), counted.MONTH):
        month, currency = counted.of_month(item)
        sums = Paid(**{name: item.get(name, 0) for name in Paid._fields})
        if month >= first and sums.invoices:
            found.setdefault(currency, []).append((month, sums))
    return found


def together(several: Iterable[Paid]) -> Paid:
    """Return what several months come to."""
    return Paid(*map(sum, zip(Paid(), *several, strict=True)))


def _of_currency(currency: str, by_month: Sequence[tuple[str, Paid]]) -> View:
    shown = [{"month": month, **_view(each)} for month, each in by_month]
    return {"currency": currency, **_view(together(each for _, each in by_month)), "months": shown}


def _view(paid: Paid) -> View:
    return {
        "invoices": paid.invoices,
        "paid_minor_units": paid.minor_units,
        "average_days": wording.number((paid.days, paid.invoices)),
        "paid_on_time_percent": on_time_percent(paid),
    }


def on_time_percent(paid: Paid) -> str | None:
    """Return how many percent of the invoices were paid in time, None without any."""
    return wording.number((_PERCENT * paid.on_time, paid.invoices)) if paid.invoices else None
