"""Days and percentages as people read them: the one place that rounds a number or writes a day.

The API answers these texts beside the exact values. Dashboard, pictures, badges, calendars and the command line print
them and round nothing themselves. Pure: integers decide every digit, and no clock is read.

A day is a day of the goal's time zone. A project has no time zone (`None`): its days are UTC, and the text says so.
"""

import functools
from datetime import date
from typing import Final

from shared import days
from shared.instants import Instant

Ratio = tuple[int, int]
"""An exact number as numerator and positive denominator."""

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ALL: Final = 100
_MINUS: Final = "\N{MINUS SIGN}"
_UTC: Final = "UTC"


def percent(ratio: Ratio) -> str:
    """Return a percentage: `39.6 %`, one decimal, half up, without a `.0`; `100 %` only once it is reached."""
    return f"{_signed(ratio)} %"


def pace(ratio: Ratio) -> str:
    """Return percentage points ahead of or behind schedule in words: `7.5 points behind schedule`."""
    numerator, _ = ratio
    if numerator == 0:
        return "on schedule"
    where = "ahead of schedule" if numerator > 0 else "behind schedule"
    points = _signed((abs(numerator), ratio[1]))
    if points == "0":
        return f"less than 0.1 points {where}"
    return f"{points} {'point' if points == '1' else 'points'} {where}"


def number(ratio: Ratio) -> str:
    """Return a number that is not negative with one decimal, half up, without a `.0`: `1.5`."""
    numerator, denominator = ratio
    return _decimal((20 * numerator + denominator) // (2 * denominator))


@functools.lru_cache(maxsize=512)
def date_text(day: date) -> str:
    """Return a day: `24 Dec 2026`."""
    return f"{day.day} {month(day)}"


def utc_date(day: date) -> str:
    """Return a day of something without a time zone: `24 Dec 2026 UTC`."""
    return f"{date_text(day)} {_UTC}"


def month(day: date) -> str:
    """Return the month of a day: `Dec 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day(instant: Instant, time_zone: str | None, *, end: Instant | None = None) -> str:
    """Return the day on which an instant falls; at `end`, the exclusive end of the goal, that is its last day."""
    return _written(days.day_of(instant, time_zone or _UTC, end=end), time_zone)


def last_day(end: Instant, time_zone: str | None) -> str:
    """Return the last day before an exclusive end: `24 Dec 2026` for the first instant of the 25th."""
    return _written(days.last_day_of(end, time_zone or _UTC), time_zone)


def _written(day: date, time_zone: str | None) -> str:
    return utc_date(day) if time_zone is None else date_text(day)


def _signed(ratio: Ratio) -> str:
    """Return a number with its sign, its size rounded half up and below 100 as long as it is less."""
    numerator, denominator = ratio
    size = abs(numerator)
    tenths = (20 * size + denominator) // (2 * denominator)
    if size < _ALL * denominator:
        tenths = min(tenths, _ALL * 10 - 1)
    return f"{_MINUS if numerator < 0 and tenths else ''}{_decimal(tenths)}"


def _decimal(tenths: int) -> str:
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)
