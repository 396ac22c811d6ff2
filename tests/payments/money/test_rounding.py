"""Quotients become the nearest whole number, a half goes away from zero."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.money.rounding import half_up

WHOLE = st.integers(-(10**21), 10**21)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (5, 2, 3),
        (-5, 2, -3),
        (5, -2, -3),
        (-5, -2, 3),
        (49, 100, 0),
        (50, 100, 1),
        (-49, 100, 0),
        (0, 7, 0),
        (14, 7, 2),
    ],
)
def test_a_half_goes_away_from_zero(numerator: int, denominator: int, rounded: int):
    assert half_up(numerator, denominator) == rounded


@given(numerator=WHOLE, denominator=WHOLE.filter(bool))
def test_nothing_is_nearer(numerator: int, denominator: int):
    exact = Fraction(numerator, denominator)
    rounded = half_up(numerator, denominator)

    assert abs(exact - rounded) <= Fraction(1, 2)
    assert abs(exact - rounded) < Fraction(1, 2) or abs(rounded) > abs(exact)


@given(numerator=WHOLE, denominator=WHOLE.filter(bool))
def test_both_signs_round_alike(numerator: int, denominator: int):
    assert half_up(-numerator, denominator) == -half_up(numerator, denominator)
