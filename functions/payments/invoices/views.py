"""What callers see of an invoice."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from functions.payments import characters
from functions.payments.billing.totals import QUANTITY_ONE
from functions.payments.invoices.invoices import Invoice
from functions.payments.money import rates
from functions.payments.terms import views as term_views
from shared import days
from shared.clock import Instant

View = dict[str, Any]

_ALLOWED: Final = {
    "draft": ("edit", "issue", "delete"),
    "issued": ("cancel", "credit", "record_payment", "send"),
    "paid": ("send",),
    "cancelled": (),
}


def invoice(shown: Invoice, time_zone: str, now: Instant) -> View:
    """Return an invoice as those see it who see the money of its project."""
    totals = shown.own_totals
    view = shown._asdict()
    for name in (
        "tenant_id",
        "lines",
        "totals",
        "terms",
        "share",
        "credited",
        "has_own_lines",
        "is_in_release",
        "seller",
        "buyer",
        "bank_lines",
    ):
        del view[name]
    return view | {
        "percentage": None if shown.share is None else rates.to_percent(shown.share),
        "lines": [_line(each, number, shown) for number, each in enumerate(shown.lines, start=1)],
        "net_minor_units": totals.net_minor_units,
        "retention_minor_units": totals.retention_minor_units,
        "taxable_minor_units": totals.taxable_minor_units,
        "tax_minor_units": totals.tax_minor_units,
        "payable_minor_units": totals.payable_minor_units,
        "taxes": [_tax(each) for each in shown.totals["taxes"]],
        "terms": term_views.terms(shown.agreed),
        "seller": party(shown.seller),
        "buyer": party(shown.buyer),
        "bank_lines": [*shown.bank_lines],
        "amount_due_minor_units": shown.amount_due_minor_units,
        "is_overdue": is_overdue(shown, time_zone, now),
        "allowed": _allowed(shown),
        "unprintable": characters.unprintable(_texts(shown)),
        "sending": _sending(shown.sending),
    }


def _sending(stored: Mapping[str, Any] | None) -> View | None:
    """Return the latest sending, without what only those who follow it need."""
    return None if stored is None else {name: value for name, value in stored.items() if name != "is_notice_due"}


def _texts(shown: Invoice) -> dict[str, Iterable[str]]:
    """Return what people have written in an invoice, by field."""
    parties = {"seller": shown.seller, "buyer": shown.buyer}
    return {
        **{name: _texts_of(told) for name, told in parties.items() if told is not None},
        **{f"lines.{number}": [line["description"]] for number, line in enumerate(shown.lines)},
        "terms": [shown.agreed.tax_note or ""],
        "note": [shown.note],
        "bank_lines": shown.bank_lines,
    }


def _texts_of(told: Mapping[str, Any]) -> Iterable[str]:
    return (told["name"], *told.get("address", ()), *told.get("tax_ids", ()), told.get("email") or "")


def _allowed(shown: Invoice) -> list[str]:
    """Return what may be done with an invoice; whether its retention is due already, its answer says."""
    kept = shown.totals["retention_minor_units"] and shown.retention_invoice_id is None
    asked = ["invoice_retention"] if kept and shown.status in ("issued", "paid") else []
    return [*_ALLOWED[shown.status], *asked]


def is_overdue(shown: Invoice, time_zone: str, now: Instant) -> bool:
    """Return whether an invoice should have been paid before today."""
    return shown.is_open and shown.due_on is not None and shown.due_on < days.day_of(now, time_zone).isoformat()


def quantity(ten_thousandths: int) -> str:
    """Return a quantity as a decimal, with no more decimals than it takes."""
    units, decimals = divmod(ten_thousandths, QUANTITY_ONE)
    return f"{units}.{decimals:04}".rstrip("0").rstrip(".")


def party(told: Mapping[str, Any] | None) -> View | None:
    """Return a seller or a buyer."""
    if told is None:
        return None
    lists = {name: [*told.get(name, ())] for name in ("address", "tax_ids")}
    return {"name": told["name"], **lists, "email": told.get("email")}


def _line(line: Mapping[str, Any], number: int, of: Invoice) -> View:
    return {
        "number": number,
        "description": line["description"],
        "quantity": quantity(line["quantity"]),
        "unit_price_minor_units": line["unit_price_minor_units"],
        "net_minor_units": line["net_minor_units"],
        "tax_category": line["tax_category"],
        "tax_percent": rates.to_percent(line["tax_rate"]),
        "credited_minor_units": of.credited_lines[number - 1],
    }


def _tax(tax: Mapping[str, Any]) -> View:
    return {
        "tax_category": tax["tax_category"],
        "tax_percent": rates.to_percent(tax["tax_rate"]),
        "net_minor_units": tax["net_minor_units"],
        "retention_minor_units": tax["retention_minor_units"],
        "taxable_minor_units": tax["net_minor_units"] - tax["retention_minor_units"],
        "tax_minor_units": tax["tax_minor_units"],
    }
