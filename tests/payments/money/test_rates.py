"""Rates are whole millionths, read from percentages of at most four decimals and written as such."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.money import rates


@pytest.mark.parametrize(
    ("percent", "rate"),
    [("18", 180_000), ("9.975", 99_750), ("0", 0), ("100", 1_000_000), ("33.3333", 333_333), ("0.0001", 1)],
)
def test_a_percentage_is_read_and_written(percent: str, rate: int):
    assert rates.from_percent(percent) == rate
    assert rates.to_percent(rate) == percent


@pytest.mark.parametrize(
    "percent", ["", " 18", "-1", "+1", "1e2", ".5", "5.", "1.00001", "1000000", "٣", "nan", "18\n"]
)
def test_what_is_no_percentage_is_refused(percent: str):
    with pytest.raises(ValueError, match="at most 4 decimals"):
        rates.from_percent(percent)


@given(rate=st.integers(0, 10**9))
def test_a_rate_that_is_written_is_read_again(rate: int):
    assert rates.from_percent(rates.to_percent(rate)) == rate


@pytest.mark.parametrize(
    ("amount", "percent", "share"),
    [
        (28125000, "18", 5062500),
        (818000, "9.975", 81596),
        (761250, "19", 144638),
        (27916, "20", 5583),
        (-761250, "19", -144638),
        (10**15, "100", 10**15),
    ],
)
def test_a_rate_of_an_amount_is_rounded_half_up(amount: int, percent: str, share: int):
    assert rates.of(amount, rates.from_percent(percent)) == share
