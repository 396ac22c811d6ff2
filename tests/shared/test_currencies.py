"""The currencies that there are, and the decimals of their amounts."""

import re

import pytest

from shared.currencies import DECIMALS


@pytest.mark.parametrize(
    ("code", "decimals"),
    [("JPY", 0), ("UGX", 0), ("ISK", 0), ("EUR", 2), ("USD", 2), ("HUF", 2), ("KWD", 3), ("TND", 3), ("CLF", 4)],
)
def test_a_currency_has_the_decimals_of_the_standard(code: str, decimals: int):
    assert DECIMALS[code] == decimals


def test_each_has_three_letters():
    assert [code for code in DECIMALS if not re.fullmatch("[A-Z]{3}", code)] == []


@pytest.mark.parametrize("code", ["XAU", "XTS", "XXX", "DEM", "BGN", "eur"])
def test_metals_tests_and_what_is_gone_are_none(code: str):
    assert code not in DECIMALS
