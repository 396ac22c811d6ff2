"""What a document comes to as EN 16931 says it: allowances, tax by category and rate, sums, and lines. Pure."""

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from functions.payments.billing.totals import Line, TaxCategory, TaxTotal
from functions.payments.invoices import views
from functions.payments.money import rates
from functions.payments.papers.ubl.checks import Checked
from functions.payments.papers.ubl.elements import amount, group, text
from functions.payments.terms.terms import REVERSE_CHARGE_NOTE

# UNTDID 5305: standard rate, zero rate, exempt, reverse charge.
_CATEGORIES: Final[dict[TaxCategory, str]] = {"standard": "S", "exempt": "E", "reverse_charge": "AE"}
_ZERO_RATE: Final = "Z"
_REASONS: Final = {"E": "Exempt from tax", "AE": REVERSE_CHARGE_NOTE}
_QUANTITIES: Final = {"Invoice": "InvoicedQuantity", "CreditNote": "CreditedQuantity"}
_PIECE: Final = {"unitCode": "C62"}
"""One, of UN/ECE recommendation 20."""


def of(said: Checked, note: str | None) -> Iterator[Element]:
    """Yield the allowances, the tax and the sums of a document; `note` says why something is not taxed."""
    for each in said.taxes:
        if each.retention_minor_units:
            yield _kept(each, said.currency)
    total = amount("TaxAmount", said.totals["tax_minor_units"], said.currency)
    yield group("TaxTotal", total, *(_tax(each, said.currency, note) for each in said.taxes))
    yield _total(said)


def line(kind: str, number: int, shown: Line, said: Checked) -> Element:
    """Return a line of an `Invoice` or a `CreditNote`; one without a price is one piece."""
    price = shown.net_minor_units if shown.unit_price_minor_units is None else shown.unit_price_minor_units
    quantity = "1" if shown.unit_price_minor_units is None else views.quantity(shown.quantity)
    category = _category("ClassifiedTaxCategory", shown.tax_category, shown.tax_rate)
    return group(
        f"{kind}Line",
        text("ID", str(number)),
        text(_QUANTITIES[kind], quantity, _PIECE),
        amount("LineExtensionAmount", shown.net_minor_units, said.currency),
        group("Item", text("Name", shown.description), category),
        group("Price", amount("PriceAmount", price, said.currency)),
    )


def _kept(tax: TaxTotal, currency: str) -> Element:
    return group(
        "AllowanceCharge",
        text("ChargeIndicator", "false"),
        text("AllowanceChargeReason", "Retention, invoiced later"),
        amount("Amount", tax.retention_minor_units, currency),
        _category("TaxCategory", tax.tax_category, tax.tax_rate),
    )


def _tax(tax: TaxTotal, currency: str, note: str | None) -> Element:
    reason = _REASONS.get(_code(tax.tax_category, tax.tax_rate)) and (note or _REASONS[_CATEGORIES[tax.tax_category]])
    return group(
        "TaxSubtotal",
        amount("TaxableAmount", tax.taxable_minor_units, currency),
        amount("TaxAmount", tax.tax_minor_units, currency),
        _category("TaxCategory", tax.tax_category, tax.tax_rate, reason),
    )


def _total(said: Checked) -> Element:
    net, kept, taxable, payable = (
        said.totals[f"{name}_minor_units"] for name in ("net", "retention", "taxable", "payable")
    )
    return group(
        "LegalMonetaryTotal",
        amount("LineExtensionAmount", net, said.currency),
        amount("TaxExclusiveAmount", taxable, said.currency),
        amount("TaxInclusiveAmount", payable, said.currency),
        amount("AllowanceTotalAmount", kept, said.currency) if kept else None,
        amount("PayableAmount", payable, said.currency),
    )


def _category(name: str, category: TaxCategory, rate: int, reason: str | None = None) -> Element:
    return group(
        name,
        text("ID", _code(category, rate)),
        text("Percent", rates.to_percent(rate)),
        text("TaxExemptionReason", reason) if reason else None,
        group("TaxScheme", text("ID", "VAT")),
    )


def _code(category: TaxCategory, rate: int) -> str:
    return _ZERO_RATE if category == "standard" and rate == 0 else _CATEGORIES[category]
