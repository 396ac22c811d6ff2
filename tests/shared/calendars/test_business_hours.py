"""Business hours, over nights, weekends, holidays and changes of clocks, and against a count of minutes."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendars import business_hours, working_days
from shared.calendars.business_hours import Hours
from shared.calendars.working_days import WEEKDAYS
from shared.instants import from_rfc3339, to_datetime, to_rfc3339

MINUTE = 60_000
HOUR = 60 * MINUTE
BERLIN = Hours(working_days.of(WEEKDAYS[:5], ["2026-12-24", "2026-12-25"], "Europe/Berlin"))
NIGHTS = Hours(working_days.of(WEEKDAYS, [], "Europe/Berlin"), "00:00", "06:00")

_instants = st.integers(from_rfc3339("2026-12-20T00:00:00Z") // MINUTE, from_rfc3339("2027-01-05T00:00:00Z") // MINUTE)


def is_worked(hours: Hours, minute: int) -> bool:
    local = to_datetime(minute * MINUTE).astimezone(ZoneInfo(hours.calendar.time_zone))
    return hours.calendar.is_working(local.date()) and hours.opens_at <= f"{local:%H:%M}" < hours.closes_at


@pytest.mark.parametrize(
    ("hours", "since", "span", "until"),
    [
        # Friday half past four: half an hour is left, and Monday begins at nine.
        (BERLIN, "2026-11-20T15:30:00Z", HOUR, "2026-11-23T08:30:00.000Z"),
        # Until five is still Friday.
        (BERLIN, "2026-11-20T15:30:00Z", HOUR // 2, "2026-11-20T16:00:00.000Z"),
        # In the night nothing counts.
        (BERLIN, "2026-11-19T22:00:00Z", HOUR, "2026-11-20T09:00:00.000Z"),
        # Christmas and the weekend after it.
        (BERLIN, "2026-12-23T15:30:00Z", 4 * HOUR, "2026-12-28T11:30:00.000Z"),
        # Clocks go forward on Sunday, the 28th of March 2027: Monday nine is an hour earlier.
        (BERLIN, "2027-03-26T15:30:00Z", HOUR, "2027-03-29T07:30:00.000Z"),
        # Clocks go back on Sunday, the 25th of October 2026.
        (BERLIN, "2026-10-23T14:30:00Z", HOUR, "2026-10-26T08:30:00.000Z"),
        # Six hours of a night that loses one are five.
        (NIGHTS, "2027-03-27T23:00:00Z", 6 * HOUR, "2027-03-28T23:00:00.000Z"),
        # One that is repeated has seven.
        (NIGHTS, "2026-10-24T22:00:00Z", 7 * HOUR, "2026-10-25T05:00:00.000Z"),
        (None, "2026-11-20T15:30:00Z", 48 * HOUR, "2026-11-22T15:30:00.000Z"),
    ],
)
def test_hours_pass_while_somebody_works(hours: Hours | None, since: str, span: int, until: str):
    begun = from_rfc3339(since)
    found = business_hours.after(hours, begun, span)

    assert to_rfc3339(found) == until
    assert business_hours.between(hours, begun, found) == span


@given(_instants, st.integers(1, 3000))
@settings(max_examples=60)
def test_what_passes_is_what_a_count_of_worked_minutes_says(start: int, minutes: int):
    until = start + minutes
    counted = sum(is_worked(BERLIN, each) for each in range(start, until))

    assert business_hours.between(BERLIN, start * MINUTE, until * MINUTE) == counted * MINUTE


@given(_instants, st.integers(1, 20_000))
def test_after_and_between_are_inverse(start: int, minutes: int):
    until = business_hours.after(BERLIN, start * MINUTE, minutes * MINUTE)

    assert business_hours.between(BERLIN, start * MINUTE, until) == minutes * MINUTE


def test_what_was_due_before_a_pause_stays_so_and_what_is_due_after_it_waits():
    paused, now = from_rfc3339("2026-11-20T15:30:00Z"), from_rfc3339("2026-11-24T10:00:00Z")
    due = from_rfc3339("2026-11-23T08:30:00Z")

    assert business_hours.resumed(BERLIN, paused - HOUR, paused, now) == paused - HOUR
    assert to_rfc3339(business_hours.resumed(BERLIN, due, paused, now)) == "2026-11-24T11:00:00.000Z"
    assert business_hours.resumed(None, paused + HOUR, paused, now) == now + HOUR
