"""Amounts have a currency that there is, a bound, and the decimals of their currency when written."""

import pytest

from functions.payments.money import amounts
from functions.payments.money.amounts import LARGEST, AmountTooLarge
from shared.errors import InvalidInput


@pytest.mark.parametrize(
    ("minor_units", "currency", "text"),
    [
        (33187500, "EUR", "331,875.00"),
        (331875, "JPY", "331,875"),
        (-125, "KWD", "-0.125"),
        (12345678, "CLF", "1,234.5678"),
        (5, "USD", "0.05"),
        (0, "USD", "0.00"),
        (0, "JPY", "0"),
        (LARGEST, "EUR", "10,000,000,000,000.00"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(minor_units: int, currency: str, text: str):
    assert amounts.written(minor_units, currency) == text


def test_a_currency_that_there_is_passes():
    assert amounts.require_currency("KWD") == "KWD"


@pytest.mark.parametrize("code", ["EUX", "eur", "", "XAU", "E" * 10_000])
def test_an_unknown_currency_is_refused_by_the_name_of_its_field(code: str):
    with pytest.raises(InvalidInput) as refused:
        amounts.require_currency(code, field="invoice.currency")

    assert (refused.value.status, refused.value.errors[0]["field"]) == (422, "invoice.currency")


@pytest.mark.parametrize("minor_units", [0, 1, LARGEST, -LARGEST])
def test_what_can_be_kept_passes(minor_units: int):
    assert amounts.require_possible(minor_units) == minor_units


@pytest.mark.parametrize("minor_units", [LARGEST + 1, -LARGEST - 1])
def test_a_larger_amount_is_refused(minor_units: int):
    with pytest.raises(AmountTooLarge):
        amounts.require_possible(minor_units)
