"""What EN 16931 wants of a document that not every one has: it is refused, and the refusal names the fields. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.payments.billing.totals import Line, TaxTotal
from functions.payments.money import rates
from functions.payments.papers.papers import NotElectronic
from functions.payments.papers.ubl import parties
from functions.payments.papers.ubl.parties import Party
from shared import currencies
from shared.errors import FieldError

_MOST_DECIMALS: Final = 2


class Checked(NamedTuple):
    """What documents say alike, of which nothing is missing. `totals` are as they are stored, `taxes` apart."""

    currency: str
    seller: Party
    buyer: Party
    totals: Mapping[str, Any]
    taxes: Sequence[TaxTotal]
    lines: Sequence[Line]


def required(
    currency: str,
    seller: Mapping[str, Any],
    buyer: Mapping[str, Any],
    totals: Mapping[str, Any],
    lines: Sequence[Line],
) -> Checked:
    """Return what documents say alike. Raises NotElectronic."""
    taxes = [TaxTotal(**each) for each in totals["taxes"]]
    found = Checked(currency, parties.of(seller), parties.of(buyer), totals, taxes, lines)
    is_reversed = any(each.tax_category == "reverse_charge" for each in taxes)
    errors = [*parties.missing(found.seller, found.buyer, is_reverse_charge=is_reversed), *_amounts(found)]
    if errors:
        raise NotElectronic(errors)
    return found


def _amounts(said: Checked) -> Iterator[FieldError]:
    """Yield what is wrong with amounts: decimals (BR-DEC), and tax that is not that of its sum (BR-CO-17).

    As in the rules of CEN, a tax may differ by less than one unit: from roundings of lines, or of earlier credit notes.
    """
    decimals = currencies.DECIMALS[said.currency]
    if decimals > _MOST_DECIMALS:
        yield {"field": "currency", "reason": "must have two decimals at most"}
    for each in said.taxes:
        if abs(each.tax_minor_units - rates.of(each.taxable_minor_units, each.tax_rate)) >= 10**decimals:
            yield {"field": "tax_rounding", "reason": "must be `document`: the tax of lines is not that of their sum"}
            return
