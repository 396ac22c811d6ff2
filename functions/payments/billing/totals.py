"""What the lines of an invoice come to: net, retention, what is taxed, tax, and what is to be paid. Pure.

The nets of lines are rounded, and the tax once per rate on their sum (EN 16931, BR-CO-17), or on each line where a
tenant says so. What is kept back leaves the taxable amount. All amounts are minor units, all rates millionths.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from functions.payments.money import rates, splitting
from functions.payments.money.rounding import half_up

TaxCategory = Literal["standard", "exempt", "reverse_charge"]
TaxRounding = Literal["document", "line"]

QUANTITY_ONE: Final = 10_000
"""A quantity of one: quantities have four decimals and are held as whole numbers."""


class Line(NamedTuple):
    """One line. `net_minor_units` is the quantity times the price of a unit, rounded."""

    description: str
    net_minor_units: int
    tax_category: TaxCategory
    tax_rate: int
    quantity: int = QUANTITY_ONE
    unit_price_minor_units: int | None = None


class TaxTotal(NamedTuple):
    """What lines of one category and rate come to. Only `standard` is taxed; the others have the rate 0."""

    tax_category: TaxCategory
    tax_rate: int
    net_minor_units: int
    retention_minor_units: int
    tax_minor_units: int

    @property
    def taxable_minor_units(self) -> int:
        """What the tax is of."""
        return self.net_minor_units - self.retention_minor_units


class Totals(NamedTuple):
    """What an invoice comes to; `taxes` has each category and rate once, in the order of the lines."""

    net_minor_units: int
    retention_minor_units: int
    taxable_minor_units: int
    tax_minor_units: int
    payable_minor_units: int
    taxes: Sequence[TaxTotal]


def net(quantity: int, unit_price_minor_units: int) -> int:
    """Return the net of a line: a quantity in ten-thousandths times the price of one."""
    return half_up(quantity * unit_price_minor_units, QUANTITY_ONE)


def of(lines: Sequence[Line], *, retention: int, rounding: TaxRounding) -> Totals:
    """Return what lines come to, of whose sum `retention` is kept back. Raises ZeroDivisionError if they are nothing.

    The retention is split over the lines, so each rate has its part of it.
    """
    kept = splitting.split(retention, [line.net_minor_units for line in lines])
    return summed(_by_rate(lines, kept, rounding))


def summed(taxes: Sequence[TaxTotal]) -> Totals:
    """Return what categories and rates come to together."""
    net_sum = sum(each.net_minor_units for each in taxes)
    retention = sum(each.retention_minor_units for each in taxes)
    tax = sum(each.tax_minor_units for each in taxes)
    return Totals(net_sum, retention, net_sum - retention, tax, net_sum - retention + tax, taxes)


def _by_rate(lines: Sequence[Line], kept: Sequence[int], rounding: TaxRounding) -> list[TaxTotal]:
    pairs = [*zip(lines, kept, strict=True)]
    found = []
    for category, rate in dict.fromkeys((line.tax_category, line.tax_rate) for line in lines):
        own = [(line, part) for line, part in pairs if (line.tax_category, line.tax_rate) == (category, rate)]
        taxable = [line.net_minor_units - part for line, part in own]
        tax = _tax(taxable, rate) if rounding == "line" else rates.of(sum(taxable), rate)
        nets, parts = sum(line.net_minor_units for line, _ in own), sum(part for _, part in own)
        found.append(TaxTotal(category, rate, nets, parts, tax))
    return found


def _tax(taxable: Iterable[int], rate: int) -> int:
    return sum(rates.of(each, rate) for each in taxable)
