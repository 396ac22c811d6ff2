"""Working days: which days somebody works, and how days are counted in them. Pure; it reads no clock.

A calendar numbers its working days, so that adding and counting them is arithmetic however many there are.
"""

import bisect
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from shared import days
from shared.instants import Instant

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK: Final = 7


class Calendar(NamedTuple):
    """The days of the week that are worked, counted from Monday as 0, and the ordinals of those that are holidays."""

    weekdays: tuple[int, ...]
    holidays: tuple[int, ...]
    time_zone: str

    def is_working(self, day: date) -> bool:
        """Return whether a day is worked."""
        return day.weekday() in self.weekdays and not _has(self.holidays, day.toordinal())

    def number(self, day: date) -> int:
        """Return the number of a working day; that of the next one for a day that is not worked."""
        ordinal = day.toordinal()
        # Ordinal 1 is a Monday.
        weeks, weekday = divmod(ordinal - 1, _WEEK)
        worked = weeks * len(self.weekdays) + bisect.bisect_left(self.weekdays, weekday)
        return worked - bisect.bisect_left(self.holidays, ordinal)

    def day(self, number: int) -> date:
        """Return the working day with a number; the first and the last day there are stand for all beyond them."""
        # The day without holidays is too early by those that lie before it, which may be more for a later day.
        found = self._without_holidays(number)
        while True:
            later = self._without_holidays(number + bisect.bisect_right(self.holidays, found))
            if later == found:
                return date.fromordinal(min(max(found, 1), date.max.toordinal()))
            found = later

    def shifted(self, day: date, by: int) -> date:
        """Return the day that is so many working days later, or earlier; by 0 the day, or the next that is worked."""
        return self.day(self.number(day) + by)

    def length(self, first: date, last: date) -> int:
        """Return how many working days there are from the first day to the last, both counted."""
        return max(0, self.number(last) + int(self.is_working(last)) - self.number(first))

    def holds_until(self, since: Instant, lag_days: int) -> Instant:
        """Return when so many working days have passed: the beginning of the last one. Without a lag, at once."""
        if lag_days <= 0:
            return since
        today = days.day_of(since, self.time_zone)
        first = self.number(today) - int(not self.is_working(today))
        return days.start_of(self.day(first + lag_days), self.time_zone)

    def _without_holidays(self, number: int) -> int:
        weeks, place = divmod(number, len(self.weekdays))
        return weeks * _WEEK + self.weekdays[place] + 1


def of(working_days: Sequence[str], holidays: Sequence[str], time_zone: str) -> Calendar:
    """Return the calendar of days of the week by their English names, and of holidays such as 2027-12-24."""
    weekdays = tuple(sorted(WEEKDAYS.index(each) for each in working_days))
    free = sorted({date.fromisoformat(each) for each in holidays})
    return Calendar(weekdays, tuple(each.toordinal() for each in free if each.weekday() in weekdays), time_zone)


def _has(ordinals: Sequence[int], wanted: int) -> bool:
    place = bisect.bisect_left(ordinals, wanted)
    return place < len(ordinals) and ordinals[place] == wanted
