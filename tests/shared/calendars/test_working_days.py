"""Working days, counted against one day after the other."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendars import working_days
from shared.calendars.working_days import WEEKDAYS, Calendar
from shared.instants import from_rfc3339, to_rfc3339

WEEK = WEEKDAYS[:5]
CHRISTMAS = working_days.of(WEEK, ["2026-12-24", "2026-12-25", "2026-12-26", "2027-01-01"], "Europe/Berlin")

_days = st.dates(date(2026, 11, 1), date(2027, 3, 1))
_calendars = st.builds(
    working_days.of,
    st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True),
    st.lists(_days.map(str), max_size=40),
    st.just("UTC"),
)


def walked(calendar: Calendar, day: date, by: int) -> date:
    """Return the working day so many later or earlier, one day after the other."""
    while not calendar.is_working(day):
        day += timedelta(days=1)
    for _ in range(abs(by)):
        day += timedelta(days=1 if by > 0 else -1)
        while not calendar.is_working(day):
            day += timedelta(days=1 if by > 0 else -1)
    return day


@given(_calendars, _days, st.integers(-60, 60))
def test_shifting_a_day_walks_over_working_days(calendar: Calendar, day: date, by: int):
    assert calendar.shifted(day, by) == walked(calendar, day, by)


@given(_calendars, _days, _days)
def test_a_length_counts_the_working_days_of_both_ends_and_between(calendar: Calendar, first: date, last: date):
    between = (first + timedelta(days=each) for each in range((last - first).days + 1))

    assert calendar.length(first, last) == sum(map(calendar.is_working, between))


@pytest.mark.parametrize(
    ("since", "lag", "until"),
    [
        ("2026-12-23T10:00:00Z", 0, "2026-12-23T10:00:00.000Z"),
        ("2026-12-23T10:00:00Z", -3, "2026-12-23T10:00:00.000Z"),
        ("2026-12-22T10:00:00Z", 1, "2026-12-22T23:00:00.000Z"),
        ("2026-12-23T10:00:00Z", 1, "2026-12-27T23:00:00.000Z"),
        ("2026-12-24T10:00:00Z", 1, "2026-12-27T23:00:00.000Z"),
        ("2026-12-30T22:59:59Z", 2, "2027-01-03T23:00:00.000Z"),
        ("2026-12-30T23:00:00Z", 2, "2027-01-04T23:00:00.000Z"),
        ("2027-03-26T12:00:00Z", 1, "2027-03-28T22:00:00.000Z"),
    ],
)
def test_a_lag_ends_when_its_last_working_day_begins_in_the_time_zone(since: str, lag: int, until: str):
    assert to_rfc3339(CHRISTMAS.holds_until(from_rfc3339(since), lag)) == until


def test_days_end_where_dates_end():
    assert CHRISTMAS.shifted(date(9999, 12, 30), 300) == date.max
    assert CHRISTMAS.shifted(date(1, 1, 2), -300) == date.min
