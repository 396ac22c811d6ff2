"""What is outstanding: by age, by currency and by client. Nothing is added up over currencies."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from functions.payments.reports import ages, dues
from functions.payments.reports.ages import Due

View = dict[str, Any]


def report(tenant_id: str, today: date, currency: str | None) -> View:
    """Return what is outstanding in each currency, or in one; one query."""
    found = dues.of_tenant(tenant_id)
    shown = [_outstanding(each, found[each], today) for each in sorted(found) if currency in (None, each)]
    return {"as_of": today.isoformat(), "currencies": shown}


def of_clients(
    tenant_id: str, today: date, currency: str, *, limit: int, cursor: str | None
) -> tuple[list[View], str | None]:
    """Return a page of what clients owe in a currency, by their names; one query. Raises Malformed."""
    found, following = dues.of_clients(tenant_id, currency, limit=limit, cursor=cursor)
    return [{"client": each.name, **_outstanding(currency, each.dues, today)} for each in found], following


def _outstanding(currency: str, found: Sequence[Due], today: date) -> View:
    return {
        "currency": currency,
        "invoices": sum(each.invoices for each in found),
        "due_minor_units": sum(each.minor_units for each in found),
        "ages": ages.views(found, today),
    }
