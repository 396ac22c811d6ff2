"""Dates as rules write them, read at one instant in one time zone; and dates that are texts of metadata. Pure."""

import calendar
import functools
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from functions.audience.segments.rules.form import During, Window
from shared import days, instants
from shared.instants import Instant

_AGO: Final = re.compile(r"(\d{1,9}) +(minute|hour|day|week|month|year)s? +ago", re.ASCII | re.IGNORECASE)
_SPAN: Final = re.compile(r"(\d{1,9}) +(minute|hour|day|week|month|year)s?", re.ASCII | re.IGNORECASE)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MINUTE: Final = 60 * instants.SECOND
_FIXED: Final = {"minute": _MINUTE, "hour": 60 * _MINUTE}
# A thousand years: further back no lead has a date, and the calendar ends.
_MOST: Final = {
    "minute": 526_000_000,
    "hour": 8_760_000,
    "day": 365_000,
    "week": 52_000,
    "month": 12_000,
    "year": 1_000,
}


class Today(NamedTuple):
    """The instant at which a rule is evaluated, and the time zone whose days and months count."""

    now: Instant
    time_zone: str

    def instant(self, text: str) -> Instant:
        """Return the instant of `N units ago`, of `YYYY-MM-DD` (its first), or of a timestamp. Raises ValueError."""
        ago = _AGO.fullmatch(text)
        if ago:
            return self._before(int(ago[1]), ago[2].lower())
        if _DAY.fullmatch(text):
            return days.start_of(date.fromisoformat(text), self.time_zone)
        return instants.from_rfc3339(text)

    def window(self, text: str) -> Window:
        """Return the window of `N units`: after that time ago, up to and with now. Raises ValueError."""
        span = _SPAN.fullmatch(text)
        if span is None:
            raise ValueError('must be a time span such as "30 days"')
        return Window(self._before(int(span[1]), span[2].lower()) + 1, self.now + 1)

    def since(self, text: str) -> During:
        """Return the test for the window of `N units`; a day without a time begins it. Raises ValueError."""
        window = self.window(text)
        # A day counts as its first instant: that of the day on which the window begins is not in the window.
        first = self.day_of(window.start - 1) + timedelta(days=1)
        return During(window, number_of(first), number_of(self.day_of(self.now)))

    def whole_day(self, text: str) -> During:
        """Return the test for the whole day of a date that is written as for `instant`. Raises ValueError."""
        day = self.day_of(self.instant(text))
        start = days.start_of(day, self.time_zone)
        end = start + instants.DAY if day == date.max else days.start_of(day + timedelta(days=1), self.time_zone)
        return During(Window(start, end), number_of(day), number_of(day))

    def day_of(self, instant: Instant) -> date:
        """Return the day on which the instant falls."""
        return days.day_of(instant, self.time_zone)

    def days_of_year(self, later: int) -> frozenset[int]:
        """Return the days, as MMDD, whose anniversary is so many days after today; 29 February counts as the 28th."""
        due = self.day_of(self.now) + timedelta(days=later)
        found = {day_of_year(due)}
        if found == {228} and not calendar.isleap(due.year):
            found.add(229)
        return frozenset(found)

    def _before(self, number: int, unit: str) -> Instant:
        if number > _MOST[unit]:
            raise ValueError("must not go back more than 1,000 years")
        if unit in _FIXED:
            return self.now - number * _FIXED[unit]
        zone = ZoneInfo(self.time_zone)
        local = instants.to_datetime(self.now).astimezone(zone).replace(tzinfo=None)
        return self.now if number == 0 else instants.from_datetime(_BACK[unit](local, number).replace(tzinfo=zone))


def day_of_year(day: date) -> int:
    """Return a day without its year, as MMDD."""
    return day.month * 100 + day.day


def number_of(day: date) -> int:
    """Return a day as YYYYMMDD, which has the order of days."""
    return day.year * 10_000 + day_of_year(day)


@functools.lru_cache(maxsize=4096)
def written(text: str) -> Instant | date | None:
    """Return the date that a text of metadata is: an instant, a day without a time, or None for any other text."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else instants.from_rfc3339(text)
    except ValueError:
        return None


def _months_before(local: datetime, number: int) -> datetime:
    """Return the same day of an earlier month, or that month's last day where it has no such day."""
    year, month = divmod(local.year * 12 + local.month - 1 - number, 12)
    return local.replace(year=year, month=month + 1, day=min(local.day, calendar.monthrange(year, month + 1)[1]))


_BACK: Final[dict[str, Callable[[datetime, int], datetime]]] = {
    "day": lambda local, number: local - timedelta(days=number),
    "week": lambda local, number: local - timedelta(weeks=number),
    "month": _months_before,
    "year": lambda local, number: _months_before(local, 12 * number),
}
