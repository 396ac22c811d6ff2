"""Days of periods, without a table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.schedules import periods
from functions.payments.schedules.periods import Every

ALL: tuple[Every, ...] = ("week", "month", "quarter", "half_year", "year")


@pytest.mark.parametrize(
    ("first", "every", "days"),
    [
        ("2027-01-31", "month", ["2027-02-28", "2027-03-31", "2027-04-30"]),
        ("2027-11-30", "quarter", ["2028-02-29", "2028-05-30", "2028-08-30"]),
        ("2028-02-29", "year", ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("2026-08-31", "half_year", ["2027-02-28", "2027-08-31"]),
        ("2026-12-28", "week", ["2027-01-04", "2027-01-11"]),
    ],
)
def test_a_day_that_a_month_lacks_is_its_last(first: str, every: Every, days: list[str]):
    begins = date.fromisoformat(first)

    assert [periods.day(begins, every, number).isoformat() for number in range(1, len(days) + 1)] == days


@given(st.dates(date(2026, 1, 1), date(2036, 1, 1)), st.sampled_from(ALL), st.integers(0, 2000))
def test_the_period_from_a_day_on_is_the_first_that_is_not_before_it(first: date, every: Every, later: int):
    today = date.fromordinal(first.toordinal() + later)
    number = periods.number_from(first, every, today)

    assert periods.day(first, every, number) >= today
    assert number == 0 or periods.day(first, every, number - 1) < today
