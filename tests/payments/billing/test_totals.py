"""What lines and parts of an amount come to, to the minor unit."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.billing import shares, totals
from functions.payments.billing.shares import Invoiced, OverInvoiced
from functions.payments.billing.totals import Line, TaxCategory, TaxRounding, Totals
from functions.payments.money import rates
from shared.errors import InvalidInput

THREE_LINES = [6833, 6833, 5750, 8500]


def lines_of(nets: Sequence[int], percent: str = "20", category: TaxCategory = "standard") -> list[Line]:
    return [Line(f"Line {net}", net, category, rates.from_percent(percent)) for net in nets]


def comes_to(lines: Sequence[Line], *, retention: int = 0, rounding: TaxRounding = "document") -> Totals:
    return totals.of(lines, retention=retention, rounding=rounding)


def test_what_is_kept_back_leaves_the_taxable_amount():
    found = comes_to(lines_of([31_250_000], "18"), retention=3_125_000)

    assert (found.net_minor_units, found.retention_minor_units) == (31_250_000, 3_125_000)
    assert (found.taxable_minor_units, found.tax_minor_units) == (28_125_000, 5_062_500)
    assert found.payable_minor_units == 33_187_500
    assert comes_to(lines_of([3_125_000], "18")).payable_minor_units == 3_687_500


@pytest.mark.parametrize(
    ("nets", "percent", "rounding", "tax"),
    [
        (THREE_LINES, "20", "document", 5583),
        (THREE_LINES, "20", "line", 5584),
        ([818_000], "9.975", "document", 81_596),
        ([761_250], "19", "document", 144_638),
        ([1], "50", "document", 1),
        ([10_000], "0", "document", 0),
        ([3_000_000_000], "18", "document", 540_000_000),
    ],
)
def test_tax_is_rounded_half_up_once_per_rate(nets: list[int], percent: str, rounding: TaxRounding, tax: int):
    assert comes_to(lines_of(nets, percent), rounding=rounding).tax_minor_units == tax


def test_each_rate_is_taxed_by_itself_and_has_its_part_of_the_retention():
    lines = [*lines_of([1000], "19"), *lines_of([500], "7"), *lines_of([333], "0", "exempt"), *lines_of([167], "19")]
    found = comes_to(lines, retention=200)

    assert [(each.tax_category, each.net_minor_units) for each in found.taxes] == [
        ("standard", 1167),
        ("standard", 500),
        ("exempt", 333),
    ]
    assert sum(each.retention_minor_units for each in found.taxes) == 200
    assert [each.tax_minor_units for each in found.taxes] == [200, 32, 0]


@pytest.mark.parametrize(
    ("quantity", "price", "net"), [(10_000, 500, 500), (25_000, 333, 833), (3_333, 100, 33), (5_000, 1, 1)]
)
def test_the_net_of_a_line_is_its_quantity_times_its_price(quantity: int, price: int, net: int):
    assert totals.net(quantity, price) == net


def test_three_thirds_of_an_amount_are_the_amount():
    out, nets = Invoiced(), []
    for share in (333_300, 333_300, 333_400):
        more = shares.part(100_001, share, before=out, retention_rate=0)
        out = shares.added(out, more)
        nets.append(more.net_minor_units)

    assert nets == [33_330, 33_331, 33_340]
    assert sum(nets) == 100_001


def test_more_than_is_left_is_refused_and_what_is_freed_can_be_asked_for_again():
    first = shares.part(1000, 400_000, before=Invoiced(), retention_rate=0)

    with pytest.raises(OverInvoiced, match="60 %"):
        shares.part(1000, 700_000, before=first, retention_rate=0)
    with pytest.raises(OverInvoiced):
        shares.part(1000, 0, before=first, retention_rate=0)
    assert shares.freed(first, first) == Invoiced()
    assert shares.part(1000, None, before=first, retention_rate=0) == Invoiced(600_000, 600, 0)


def test_a_share_of_less_than_a_minor_unit_is_refused():
    with pytest.raises(InvalidInput, match="percentage"):
        shares.part(10, 100, before=Invoiced(), retention_rate=0)


@given(
    st.integers(1, 10**15),
    st.integers(0, 1_000_000),
    st.lists(st.integers(1, 1_000_000), min_size=1, max_size=8),
)
def test_parts_and_what_they_keep_back_end_at_the_whole(amount: int, retention_rate: int, weights: list[int]):
    out = Invoiced()
    for share in [*rates_of(weights), None]:
        try:
            out = shares.added(out, shares.part(amount, share, before=out, retention_rate=retention_rate))
        except InvalidInput:
            continue
        except OverInvoiced:
            break

        assert 0 <= out.net_minor_units <= amount
        assert 0 <= out.retention_minor_units <= out.net_minor_units
    assert out.net_minor_units == amount
    assert out.retention_minor_units == rates.of(amount, retention_rate)


def rates_of(weights: Sequence[int]) -> list[int]:
    """Return shares in the ratio of the weights, a little less than the whole together."""
    return [share for weight in weights if (share := weight * 999_999 // sum(weights))]
