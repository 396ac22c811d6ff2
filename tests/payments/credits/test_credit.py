"""What credit notes take back, to the minor unit."""

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.billing import totals
from functions.payments.billing.totals import Line, TaxRounding, Totals
from functions.payments.credits import credit
from functions.payments.credits.credit import CreditTooHigh, Part
from functions.payments.money import rates
from shared.errors import InvalidInput

ROUNDINGS: Sequence[TaxRounding] = ("document", "line")
THREE_LINES = [6833, 6833, 5750, 8500]


def lines_of(nets: Sequence[int], percent: str = "20") -> list[Line]:
    return [Line(f"Line {net}", net, "standard", rates.from_percent(percent)) for net in nets]


def comes_to(lines: Sequence[Line], *, rounding: TaxRounding = "document") -> Totals:
    return totals.of(lines, retention=0, rounding=rounding)


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("order", [*permutations(range(1, 5))])
def test_lines_credited_in_every_order_end_at_the_invoice(order: tuple[int, ...], rounding: TaxRounding):
    lines = lines_of(THREE_LINES)
    invoice = comes_to(lines, rounding=rounding)
    before, notes = [0] * 4, []
    for number in order:
        note = credit.parts(lines, before, {number: None})
        notes.append(credit.note_totals(invoice, lines, before, note))
        before = credit.credited(before, note)

    assert sum(each.tax_minor_units for each in notes) == invoice.tax_minor_units
    assert sum(each.payable_minor_units for each in notes) == invoice.payable_minor_units


def test_a_whole_credit_has_the_tax_of_its_invoice():
    lines = lines_of([761_250], "19")
    invoice = comes_to(lines)
    note = credit.parts(lines, [0], None)

    assert credit.note_totals(invoice, lines, [0], note) == invoice
    assert invoice.tax_minor_units == 144_638


def test_no_line_is_credited_with_more_than_is_left_of_it():
    lines = lines_of([100, 200])

    with pytest.raises(CreditTooHigh):
        credit.parts(lines, [0, 150], {2: 51})
    with pytest.raises(CreditTooHigh):
        credit.parts(lines, [100, 0], {1: None})
    with pytest.raises(CreditTooHigh):
        credit.parts(lines, [100, 200], None)
    with pytest.raises(InvalidInput, match="no line 3"):
        credit.parts(lines, [0, 0], {3: None})
    assert credit.parts(lines, [100, 150], None) == [Part(2, 50)]


@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.sampled_from([0, 70_000, 99_750, 200_000])), min_size=1, max_size=5),
    st.integers(0, 1_000_000),
    st.sampled_from(ROUNDINGS),
    st.data(),
)
def test_credits_in_any_parts_end_at_the_invoice(
    drawn: list[tuple[int, int]], retention_rate: int, rounding: TaxRounding, data: st.DataObject
):
    lines = [Line("", net, "standard", rate) for net, rate in drawn]
    retention = rates.of(sum(line.net_minor_units for line in lines), retention_rate)
    invoice = totals.of(lines, retention=retention, rounding=rounding)
    before, notes = [0] * len(lines), list[Totals]()
    for _ in range(3):
        left = {n: line.net_minor_units - done for n, (line, done) in enumerate(zip(lines, before, strict=True), 1)}
        number = data.draw(st.sampled_from([n for n, rest in left.items() if rest] or [0]))
        if not number:
            break
        note = credit.parts(lines, before, {number: data.draw(st.integers(1, left[number]))})
        notes.append(credit.note_totals(invoice, lines, before, note))
        before = credit.credited(before, note)
    if any(line.net_minor_units > done for line, done in zip(lines, before, strict=True)):
        notes.append(credit.note_totals(invoice, lines, before, credit.parts(lines, before, None)))

    for name in ("net_minor_units", "retention_minor_units", "tax_minor_units", "payable_minor_units"):
        assert sum(getattr(each, name) for each in notes) == getattr(invoice, name), name
        assert all(getattr(each, name) >= 0 for each in notes), name
