"""Days and percentages as text: every digit is decided by integers, and nothing is said before it is true."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.goals import deadline
from shared import days, wording
from shared.instants import from_datetime, from_rfc3339

RATIOS = st.tuples(st.integers(-(10**30), 10**30), st.integers(1, 10**28))


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        ((0, 1), "0 %"),
        ((39, 1), "39 %"),
        ((3959, 100), "39.6 %"),
        ((3965, 100), "39.7 %"),
        ((39_649_999_999_999_999, 10**15), "39.6 %"),
        ((1, 20), "0.1 %"),
        ((49, 1000), "0 %"),
        ((9994, 100), "99.9 %"),
        ((9996, 100), "99.9 %"),
        ((100 * 10**30 - 1, 10**30), "99.9 %"),
        ((100, 1), "100 %"),
        ((200, 2), "100 %"),
        ((-3959, 100), "\N{MINUS SIGN}39.6 %"),
        ((-3965, 100), "\N{MINUS SIGN}39.7 %"),
        ((-9996, 100), "\N{MINUS SIGN}99.9 %"),
        ((-100, 1), "\N{MINUS SIGN}100 %"),
        ((-49, 1000), "0 %"),
        ((-1, 20), "\N{MINUS SIGN}0.1 %"),
    ],
)
def test_a_percentage_has_one_decimal_half_up_and_is_100_only_when_it_is(ratio: wording.Ratio, text: str):
    assert wording.percent(ratio) == text


@given(RATIOS)
def test_a_percentage_is_the_rounded_exact_ratio(ratio: wording.Ratio):
    exact = Fraction(*ratio)
    context = Context(prec=80, rounding=ROUND_HALF_UP)
    rounded = context.divide(Decimal(ratio[0]), Decimal(ratio[1])).quantize(Decimal("0.1"), context=context)
    if abs(exact) < 100:
        rounded = max(min(rounded, Decimal("99.9")), Decimal("-99.9"))

    said = Decimal(wording.percent(ratio).removesuffix(" %").replace("\N{MINUS SIGN}", "-"))
    assert said == rounded
    assert (abs(said) >= 100) == (abs(exact) >= 100)


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        ((0, 1), "on schedule"),
        ((1, 1000), "less than 0.1 points ahead of schedule"),
        ((-1, 1000), "less than 0.1 points behind schedule"),
        ((1, 1), "1 point ahead of schedule"),
        ((-1, 1), "1 point behind schedule"),
        ((-8249, 100), "82.5 points behind schedule"),
        ((-9996, 100), "99.9 points behind schedule"),
        ((100, 1), "100 points ahead of schedule"),
    ],
)
def test_pace_is_said_in_words(ratio: wording.Ratio, text: str):
    assert wording.pace(ratio) == text


@pytest.mark.parametrize(("ratio", "text"), [((0, 1), "0"), ((3, 2), "1.5"), ((25, 100), "0.3"), ((999, 10), "99.9")])
def test_a_number_has_one_decimal_half_up(ratio: wording.Ratio, text: str):
    assert wording.number(ratio) == text


@pytest.mark.parametrize(
    ("instant", "zone", "text"),
    [
        ("2026-11-21T09:30:00Z", "Pacific/Kiritimati", "21 Nov 2026"),
        ("2026-11-21T10:00:00Z", "Pacific/Kiritimati", "22 Nov 2026"),
        ("2026-11-22T03:00:00Z", "America/St_Johns", "21 Nov 2026"),
        ("2026-11-22T03:30:00Z", "America/St_Johns", "22 Nov 2026"),
        ("2026-03-29T21:59:59.999Z", "Europe/Berlin", "29 Mar 2026"),
        ("2026-03-29T22:00:00Z", "Europe/Berlin", "30 Mar 2026"),
        ("2026-10-25T22:59:59.999Z", "Europe/Berlin", "25 Oct 2026"),
        ("2026-10-25T23:00:00Z", "Europe/Berlin", "26 Oct 2026"),
        ("2026-11-21T23:59:59.999Z", None, "21 Nov 2026 UTC"),
        ("9999-12-31T23:00:00Z", "Pacific/Kiritimati", "31 Dec 9999"),
        ("0001-01-01T00:00:00Z", "America/St_Johns", "1 Jan 1"),
    ],
)
def test_a_day_is_one_of_the_zone_and_without_a_zone_says_that_it_is_utc(instant: str, zone: str | None, text: str):
    assert wording.day(from_rfc3339(instant), zone) == text


@pytest.mark.parametrize(
    ("end", "zone", "text"),
    [
        ("2026-12-25T00:00:00Z", "UTC", "24 Dec 2026"),
        ("2026-12-24T10:00:00Z", "Pacific/Kiritimati", "24 Dec 2026"),
        ("2026-12-25T03:30:00Z", "America/St_Johns", "24 Dec 2026"),
        ("2026-03-29T22:00:00Z", "Europe/Berlin", "29 Mar 2026"),
        ("2026-09-06T04:00:00Z", "America/Santiago", "5 Sep 2026"),
        ("2026-12-25T00:00:00Z", None, "24 Dec 2026 UTC"),
    ],
)
def test_an_exclusive_end_is_its_last_day(end: str, zone: str | None, text: str):
    at = from_rfc3339(end)

    assert wording.last_day(at, zone) == wording.day(at, zone, end=at) == text
    assert wording.day(at - 1, zone, end=at) == text


@given(st.dates(date(1900, 1, 1), date(2400, 1, 1)), st.sampled_from(["UTC", "Pacific/Apia", "America/Santiago"]))
def test_the_last_day_before_the_end_of_a_day_is_that_day(day: date, zone: str):
    local = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    assert days.day_of(days.start_of(day, zone), zone) >= day
    # Samoa had no 30 December 2011.
    if days.day_of(from_datetime(local), zone) == day:
        assert days.last_day_of(deadline.end_of(day, zone), zone) == day
