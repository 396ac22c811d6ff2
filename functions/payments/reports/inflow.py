"""What will come in: what is due in each week, times how often clients have paid in time in the last year."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from functions.payments.money import rounding
from functions.payments.reports import dues, paid
from functions.payments.reports.ages import Due
from functions.payments.reports.paid import Paid

View = dict[str, Any]

_WEEK: Final = timedelta(days=7)


def report(tenant_id: str, today: date, currency: str | None, count: int) -> View:
    """Return what is due in this week and those after it, so many together, in each currency or in one; two queries.

    What is due already, and what is due after these weeks, stands beside them. Without an invoice that was paid in the
    last year nobody knows what is to be expected.
    """
    found, rates = dues.of_tenant(tenant_id), paid.of_tenant(tenant_id, today, paid.YEAR)
    shown = [
        _inflow(each, found[each], paid.together(sums for _, sums in rates.get(each, ())), today, count)
        for each in sorted(found)
        if currency in (None, each)
    ]
    return {"as_of": today.isoformat(), "currencies": shown}


def _inflow(currency: str, found: Sequence[Due], rate: Paid, today: date, count: int) -> View:
    monday = today - timedelta(days=today.weekday())
    weeks = [monday + number * _WEEK for number in range(count)]
    end = monday + count * _WEEK
    return {
        "currency": currency,
        "paid_on_time_percent": paid.on_time_percent(rate),
        "overdue_minor_units": _sum(found, date.min, today),
        "later_minor_units": _sum(found, end, date.max),
        "weeks": [_week(found, max(each, today), each + _WEEK, each, rate) for each in weeks],
    }


def _week(found: Sequence[Due], since: date, until: date, monday: date, rate: Paid) -> View:
    due = _sum(found, since, until)
    year, week, _ = monday.isocalendar()
    return {
        "week": f"{year}-W{week:02}",
        "begins_on": monday.isoformat(),
        "due_minor_units": due,
        "expected_minor_units": rounding.half_up(due * rate.on_time, rate.invoices) if rate.invoices else None,
    }


def _sum(found: Sequence[Due], since: date, until: date) -> int:
    return sum(each.minor_units for each in found if since <= each.day < until)
