"""Instalments: the annuity to the minor unit, and their days."""

import random
from datetime import date
from fractions import Fraction

import pytest

from functions.payments.financing import annuity
from functions.payments.financing.annuity import InstalmentsTooSmall
from functions.payments.money import rates

START = date(2026, 1, 31)
CASES = 1_000


def test_800_000_at_12_percent_for_12_months_is_eleven_times_the_same_and_a_cent_more():
    found = annuity.schedule(80_000_000, rates.from_percent("12"), 12, START)

    paid = [each.principal_minor_units + each.interest_minor_units for each in found]
    assert paid == [7_107_903] * 11 + [7_107_904]
    assert sum(each.principal_minor_units for each in found) == 80_000_000
    assert (found[0].interest_minor_units, found[-1].interest_minor_units) == (800_000, 70_375)


def test_without_interest_it_is_split_evenly_and_the_last_takes_the_rest():
    found = annuity.schedule(100_000, 0, 3, START)

    assert [each.principal_minor_units for each in found] == [33_333, 33_333, 33_334]
    assert {each.interest_minor_units for each in found} == {0}


def test_an_instalment_is_due_on_the_day_of_the_month_or_on_the_last_one():
    found = annuity.schedule(100_000, 0, 4, START)

    assert [each.due_on for each in found] == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    ]


def test_a_leap_day_is_the_last_day_of_its_month():
    assert annuity.due_on(date(2027, 12, 30), 2) == date(2028, 2, 29)


@pytest.mark.parametrize(("principal", "rate", "count"), [(5, 0, 10), (100, 1_000_000, 60), (1, 120_000, 12)])
def test_an_advance_of_which_an_instalment_would_repay_nothing_is_refused(principal: int, rate: int, count: int):
    with pytest.raises(InstalmentsTooSmall):
        annuity.schedule(principal, rate, count, START)


def test_a_thousand_random_advances_end_at_nothing_and_each_instalment_is_the_annuity():
    chance = random.Random(18)  # noqa: S311 - which advances they are
    for _ in range(CASES):
        principal = chance.randint(10_000, 10**13)
        rate = chance.choice([0, chance.randint(1, 300_000), rates.WHOLE])
        count = chance.randint(1, annuity.MOST_INSTALMENTS)

        found = annuity.schedule(principal, rate, count, START)

        assert sum(each.principal_minor_units for each in found) == principal
        paid = [each.principal_minor_units + each.interest_minor_units for each in found]
        exact = exactly(principal, rate, count)
        assert all(abs(each - exact) <= Fraction(1, 2) for each in paid[:-1])
        assert_interest(principal, rate, found)


def exactly(principal: int, rate: int, count: int) -> Fraction:
    """Return P·r/(1-(1+r)^-n) as it is written."""
    r = Fraction(rate, annuity.YEAR)
    return principal * r / (1 - (1 + r) ** -count) if r else Fraction(principal, count)


def assert_interest(principal: int, rate: int, found: list[annuity.Instalment]) -> None:
    left = principal
    for each in found:
        assert abs(each.interest_minor_units - Fraction(left * rate, annuity.YEAR)) <= Fraction(1, 2)
        left -= each.principal_minor_units
    assert left == 0
