"""What a credit note takes back of an invoice: whole lines or parts of them, with their retention and tax. Pure.

Tax and retention are credited cumulatively, so that notes over all lines, in any order and in any parts, come to the
invoice exactly.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from functions.payments.billing import totals
from functions.payments.billing.totals import Line, TaxCategory, TaxTotal, Totals
from functions.payments.money import splitting
from shared.errors import InvalidInput, NotAllowed


class CreditTooHigh(NotAllowed):
    """422: a line would be credited with more than is left of it."""

    def __init__(self, number: int, left: int) -> None:
        super().__init__(f"Of line {number} {left} minor units are not credited yet. Credit no more than that.")


class Part(NamedTuple):
    """What a note takes back of a line; `number` counts from 1."""

    number: int
    net_minor_units: int


def parts(lines: Sequence[Line], before: Sequence[int], asked: Mapping[int, int | None] | None) -> list[Part]:
    """Return what a note takes back of which lines: what is asked for, the rest of a line, or the rest of all.

    `before` has what is credited of each line already. Raises InvalidInput for a line that there is not, CreditTooHigh,
    also if nothing is left.
    """
    left = [line.net_minor_units - credited for line, credited in zip(lines, before, strict=True)]
    if asked is None:
        found = [Part(number, rest) for number, rest in enumerate(left, start=1) if rest]
        if not found:
            raise CreditTooHigh(1, 0)
        return found
    return [_part(number, net, left) for number, net in asked.items()]


def _part(number: int, net: int | None, left: Sequence[int]) -> Part:
    if not 1 <= number <= len(left):
        raise InvalidInput.of("lines", f"has no line {number} to credit")
    rest = left[number - 1]
    if rest <= 0 or (net is not None and net > rest):
        raise CreditTooHigh(number, rest)
    return Part(number, rest if net is None else net)


def credited(before: Sequence[int], note: Sequence[Part]) -> list[int]:
    """Return what is credited of each line with a note more."""
    more = {part.number: part.net_minor_units for part in note}
    return [credit + more.get(number, 0) for number, credit in enumerate(before, start=1)]


def note_totals(of: Totals, lines: Sequence[Line], before: Sequence[int], note: Sequence[Part]) -> Totals:
    """Return what a note comes to, as positive amounts."""
    after = credited(before, note)
    taxes = [_taken(tax, _of_rate(lines, before, tax), _of_rate(lines, after, tax)) for tax in of.taxes]
    return totals.summed([each for each in taxes if each.net_minor_units])


def _of_rate(lines: Sequence[Line], amounts: Sequence[int], tax: TaxTotal) -> int:
    own: tuple[TaxCategory, int] = (tax.tax_category, tax.tax_rate)
    return sum(amount for line, amount in zip(lines, amounts, strict=True) if (line.tax_category, line.tax_rate) == own)


def _taken(tax: TaxTotal, before: int, after: int) -> TaxTotal:
    whole = tax.net_minor_units
    retention, own_tax = (
        splitting.next_part(total, shares_to=after, of=whole, already_out=_upto(total, before, whole))
        for total in (tax.retention_minor_units, tax.tax_minor_units)
    )
    return TaxTotal(tax.tax_category, tax.tax_rate, after - before, retention, own_tax)


def _upto(total: int, shares: int, of: int) -> int:
    return splitting.next_part(total, shares_to=shares, of=of, already_out=0)
