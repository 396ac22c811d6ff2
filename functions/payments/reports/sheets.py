"""Reports as CSV (RFC 4180): a line of columns, then the lines. No cell begins a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.sheets import cells

View = Mapping[str, Any]


def outstanding(report: View) -> str:
    """Return what is outstanding, a line for each currency and age."""
    lines = [
        {"currency": each["currency"], **age}
        for each in report["currencies"]
        for age in each["ages"]
        if age["invoices"]
    ]
    return _written(("currency", "age", "invoices", "due_minor_units"), lines)


def clients(found: Iterable[View]) -> str:
    """Return what clients owe, a line for each client and age."""
    lines = [
        {"client": each["client"], "currency": each["currency"], **age}
        for each in found
        for age in each["ages"]
        if age["invoices"]
    ]
    return _written(("client", "currency", "age", "invoices", "due_minor_units"), lines)


def inflow(report: View) -> str:
    """Return what will come in, a line for each currency and week, with `overdue` before and `later` after them."""
    lines = []
    for each in report["currencies"]:
        before = {"week": "overdue", "due_minor_units": each["overdue_minor_units"]}
        after = {"week": "later", "due_minor_units": each["later_minor_units"]}
        lines += [{"currency": each["currency"], **week} for week in (before, *each["weeks"], after)]
    return _written(("currency", "week", "begins_on", "due_minor_units", "expected_minor_units"), lines)


def paid(report: View) -> str:
    """Return how long clients took, a line for each currency and month."""
    lines = [{"currency": each["currency"], **month} for each in report["currencies"] for month in each["months"]]
    columns = ("currency", "month", "invoices", "paid_minor_units", "average_days", "paid_on_time_percent")
    return _written(columns, lines)


def _written(columns: Sequence[str], lines: Iterable[View]) -> str:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(columns)
    for line in lines:
        writer.writerow([_cell(line.get(column)) for column in columns])
    return sheet.getvalue()


def _cell(value: Any) -> str:
    return "" if value is None else cells.guarded(str(value))
