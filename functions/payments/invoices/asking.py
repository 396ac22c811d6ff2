"""What somebody asks an invoice to be of: a share of the milestone's amount, and lines that come to it."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.payments.billing import shares, totals
from functions.payments.billing.gates import Gate
from functions.payments.billing.shares import Invoiced
from functions.payments.billing.totals import Line, TaxCategory, Totals
from functions.payments.invoices import invoices
from functions.payments.invoices.opening import Opened
from functions.payments.money import rates
from functions.payments.settings.settings import PaymentSettings
from functions.payments.terms.terms import Terms
from shared.errors import Conflict, InvalidInput

_WITHOUT_TITLE = "Milestone"


class MilestoneWithoutAmount(Conflict):
    """409: the milestone has no amount."""

    def __init__(self) -> None:
        super().__init__("The milestone has no amount. Give it one first.")


class LineAsked(NamedTuple):
    """A line as it is asked for; without a tax of its own it is taxed as the terms say."""

    description: str
    unit_price_minor_units: int
    quantity: int = totals.QUANTITY_ONE
    tax_category: TaxCategory | None = None
    tax_rate: int | None = None


class Asked(NamedTuple):
    """What is asked for. `share` is None for all that is left; without lines there is one, for the milestone."""

    share: int | None = None
    lines: Sequence[LineAsked] = ()
    supplied_on: str | None = None
    note: str = ""


class Part(NamedTuple):
    """The part of a milestone that an invoice is of, its lines, and what they come to."""

    invoiced: Invoiced
    lines: Sequence[Line]
    totals: Totals


def part(opened: Opened, asked: Asked) -> Part:
    """Return what is asked for, after what is invoiced already.

    Raises MilestoneWithoutAmount, OverInvoiced, InvalidInput for lines that do not come to the share.
    """
    amount = priced(opened.gate)
    more = shares.part(amount, asked.share, before=opened.billing.invoiced, retention_rate=opened.terms.retention_rate)
    lines = _lines(opened.gate, opened.terms, asked, more)
    return Part(more, lines, worked_out(lines, more.retention_minor_units, opened.settings))


def worked_out(lines: Sequence[Line], retention: int, settings: PaymentSettings) -> Totals:
    """Return what lines come to, with the tax rounded as the tenant says."""
    return totals.of(lines, retention=retention, rounding=settings.tax_rounding)


def priced(gate: Gate) -> int:
    """Return the amount of a milestone. Raises MilestoneWithoutAmount."""
    if gate.amount_minor_units is None:
        raise MilestoneWithoutAmount
    return gate.amount_minor_units


def kind(more: Invoiced) -> invoices.Kind:
    """Return what an invoice of this part is called: of the milestone if it is of all of it."""
    return "milestone" if more.share == rates.WHOLE else "partial"


def _lines(gate: Gate, terms: Terms, asked: Asked, more: Invoiced) -> list[Line]:
    if not asked.lines:
        return [Line(gate.title or _WITHOUT_TITLE, more.net_minor_units, terms.tax_category, terms.tax_rate)]
    lines = [_line(each, terms) for each in asked.lines]
    for number, line in enumerate(lines):
        if line.net_minor_units <= 0:
            raise InvalidInput.of(f"lines.{number}.quantity", "times the price is less than one minor unit")
    found = sum(line.net_minor_units for line in lines)
    if found != more.net_minor_units:
        raise InvalidInput.of("lines", f"come to {found} minor units, but the share is {more.net_minor_units}")
    return lines


def _line(asked: LineAsked, terms: Terms) -> Line:
    category = asked.tax_category or terms.tax_category
    rate = terms.tax_rate if asked.tax_rate is None else asked.tax_rate
    return Line(
        asked.description,
        totals.net(asked.quantity, asked.unit_price_minor_units),
        category,
        rate if category == "standard" else 0,
        asked.quantity,
        asked.unit_price_minor_units,
    )
