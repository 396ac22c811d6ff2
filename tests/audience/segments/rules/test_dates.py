"""Dates of rules: steps of the calendar, days of a zone, and anniversaries."""

from datetime import date

import pytest

from functions.audience.segments.rules import dates
from functions.audience.segments.rules.dates import Today
from shared import instants
from tests.audience.segments.rules.leads import condition, lead, matches


def today(now: str, time_zone: str = "UTC") -> Today:
    return Today(instants.from_rfc3339(now), time_zone)


@pytest.mark.parametrize(
    ("now", "time_zone", "text", "expected"),
    [
        ("2026-03-31T12:00:00Z", "UTC", "1 month ago", "2026-02-28T12:00:00.000Z"),
        ("2024-03-31T12:00:00Z", "UTC", "1 month ago", "2024-02-29T12:00:00.000Z"),
        ("2026-05-31T12:00:00Z", "UTC", "3 months ago", "2026-02-28T12:00:00.000Z"),
        ("2026-01-31T12:00:00Z", "UTC", "13 months ago", "2024-12-31T12:00:00.000Z"),
        ("2024-02-29T12:00:00Z", "UTC", "1 year ago", "2023-02-28T12:00:00.000Z"),
        ("2024-02-29T12:00:00Z", "UTC", "4 years ago", "2020-02-29T12:00:00.000Z"),
        ("2026-06-15T12:00:00Z", "UTC", "90 minutes ago", "2026-06-15T10:30:00.000Z"),
        ("2026-06-15T12:00:00Z", "UTC", "0 days ago", "2026-06-15T12:00:00.000Z"),
        ("2026-06-15T12:00:00Z", "UTC", "1 Day AGO", "2026-06-14T12:00:00.000Z"),
        # Clocks went forward on 29 March 2026 in Berlin, from 02:00 to 03:00.
        ("2026-03-29T12:00:00Z", "Europe/Berlin", "1 day ago", "2026-03-28T13:00:00.000Z"),
        ("2026-03-29T12:00:00Z", "Europe/Berlin", "24 hours ago", "2026-03-28T12:00:00.000Z"),
        ("2026-03-30T00:30:00Z", "Europe/Berlin", "1 day ago", "2026-03-29T01:30:00.000Z"),
        ("2026-04-05T00:30:00Z", "Europe/Berlin", "1 week ago", "2026-03-29T01:30:00.000Z"),
        # And back on 25 October 2026, from 03:00 to 02:00.
        ("2026-10-26T01:30:00Z", "Europe/Berlin", "1 day ago", "2026-10-25T00:30:00.000Z"),
        ("2026-10-25T01:30:00Z", "Europe/Berlin", "0 days ago", "2026-10-25T01:30:00.000Z"),
        ("2026-06-15T12:00:00Z", "Asia/Kathmandu", "2026-06-15", "2026-06-14T18:15:00.000Z"),
        # Samoa had no 30 December 2011; its midnight is that of the 31st.
        ("2026-06-15T12:00:00Z", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000Z"),
        # In Santiago the clocks skip midnight.
        ("2026-09-07T12:00:00Z", "America/Santiago", "2026-09-06", "2026-09-06T04:00:00.000Z"),
        ("2026-06-15T12:00:00Z", "UTC", "2026-06-15T01:00:00.5+05:30", "2026-06-14T19:30:00.500Z"),
    ],
)
def test_a_date_is_the_instant(now: str, time_zone: str, text: str, expected: str) -> None:
    assert instants.to_rfc3339(today(now, time_zone).instant(text)) == expected


@pytest.mark.parametrize(
    ("day", "ordered_at", "expected"),
    [
        ("2026-03-29", "2026-03-28T23:00:00.000Z", True),
        ("2026-03-29", "2026-03-28T22:59:59.999Z", False),
        ("2026-03-29", "2026-03-29T21:59:59.999Z", True),
        ("2026-03-29", "2026-03-29T22:00:00.000Z", False),
        ("2026-10-25", "2026-10-24T22:00:00.000Z", True),
        ("2026-10-25", "2026-10-25T22:59:59.999Z", True),
        ("2026-10-25", "2026-10-25T23:00:00.000Z", False),
        ("2026-10-25T22:30:00Z", "2026-10-25T00:00:00.000Z", True),
    ],
)
def test_a_day_has_the_hours_of_its_zone(day: str, ordered_at: str, *, expected: bool) -> None:
    tree = condition("last_order_at", "ON", day)

    assert matches(tree, lead(last_order_at=ordered_at), time_zone="Europe/Berlin") is expected


def test_the_first_and_the_last_day_of_the_calendar_are_days() -> None:
    assert matches(condition("last_order_at", "ON", "9999-12-31"), lead(last_order_at="9999-12-31T23:59:59.999Z"))
    assert matches(condition("last_order_at", "ON", "0001-01-01"), lead(last_order_at="0001-01-01T00:00:00Z"))
    assert not matches(
        condition("last_order_at", "ON", "0001-01-01"),
        lead(last_order_at="2026-01-01T00:00:00Z"),
        time_zone="Asia/Tokyo",
    )


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-05-16T12:00:00.000Z", False),
        ("2026-05-16T12:00:00.001Z", True),
        ("2026-06-15T12:00:00.000Z", True),
        ("2026-06-15T12:00:00.001Z", False),
        ("2026-05-16", False),
        ("2026-05-17", True),
        ("2026-06-15", True),
        ("2026-06-16", False),
    ],
)
def test_a_span_begins_after_its_start_and_ends_with_now(moment: str, *, expected: bool) -> None:
    assert matches(condition("metadata.at", "WITHIN", "30 days"), lead(metadata={"at": moment})) is expected


@pytest.mark.parametrize(
    ("now", "later", "born", "expected"),
    [
        ("2026-02-28T12:00:00Z", 0, "1992-02-29", True),
        ("2026-02-28T12:00:00Z", 0, "1992-02-28", True),
        ("2028-02-28T12:00:00Z", 0, "1992-02-29", False),
        ("2028-02-28T12:00:00Z", 1, "1992-02-29", True),
        ("2028-02-28T12:00:00Z", 1, "1992-02-28", False),
        ("2026-02-28T12:00:00Z", 1, "1992-02-29", False),
        ("2026-12-30T12:00:00Z", 2, "1992-01-01", True),
        ("2026-01-01T12:00:00Z", -1, "2026-12-31", True),
        ("2026-01-01T12:00:00Z", 0, "not a day", False),
        ("2026-01-01T12:00:00Z", 0, "1992-01-01T23:30:00Z", True),
    ],
)
def test_an_anniversary_is_the_day_in_any_year(now: str, later: int, born: str, *, expected: bool) -> None:
    tree = condition("metadata.born", "ANNIVERSARY", later)

    assert matches(tree, lead(metadata={"born": born}), now=instants.from_rfc3339(now)) is expected


def test_the_anniversary_of_an_instant_is_that_of_its_day_in_the_zone() -> None:
    tree = condition("last_order_at", "ANNIVERSARY", 0)
    now = instants.from_rfc3339("2026-06-15T03:00:00Z")
    ordered = lead(last_order_at="2020-06-15T02:00:00Z")

    assert matches(tree, ordered, now=now)
    assert matches(tree, ordered, now=now, time_zone="America/New_York")
    assert not matches(tree, lead(last_order_at="2020-06-15T05:00:00Z"), now=now, time_zone="America/New_York")


def test_no_year_outside_1900_to_2199_has_an_anniversary() -> None:
    tree = condition("last_order_at", "ANNIVERSARY", 0)

    assert matches(tree, lead(last_order_at="2199-06-15T00:00:00Z"))
    assert not matches(tree, lead(last_order_at="2200-06-15T00:00:00Z"))
    assert not matches(tree, lead(last_order_at="1899-06-15T00:00:00Z"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-28", date(2026, 2, 28)),
        ("2026-02-29", None),
        ("20260228", None),
        ("2026-02-28 ", None),
        ("1970-01-01T00:00:01Z", 1000),
        ("", None),
    ],
)
def test_a_text_of_metadata_is_a_date_where_it_is_written_as_one(text: str, expected: object) -> None:
    assert dates.written(text) == expected
