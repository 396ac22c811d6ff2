"""Business hours: how time passes that is only counted while somebody works. Pure; it reads no clock.

Outside of them the count pauses until the next opening. Hours are instants of a day of the zone, so a working day that
has a change of clocks in it is an hour shorter or longer.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from shared import days
from shared.calendars.working_days import Calendar
from shared.instants import Instant, from_datetime

OPENS_AT: Final = "09:00"
CLOSES_AT: Final = "17:00"


class Hours(NamedTuple):
    """The working days of a calendar, from when to when they are worked, as times such as 09:00 in its zone."""

    calendar: Calendar
    opens_at: str = OPENS_AT
    closes_at: str = CLOSES_AT

    def spans(self, since: Instant) -> Iterator[tuple[Instant, Instant]]:
        """Yield opening and closing of the working days from the one of an instant on, or the next."""
        number = self.calendar.number(days.day_of(since, self.calendar.time_zone))
        while True:
            day = self.calendar.day(number)
            yield self._instant(day, self.opens_at), self._instant(day, self.closes_at)
            number += 1

    def _instant(self, day: date, at: str) -> Instant:
        return from_datetime(datetime.combine(day, time.fromisoformat(at), ZoneInfo(self.calendar.time_zone)))


def after(hours: Hours | None, since: Instant, span: int) -> Instant:
    """Return when so many milliseconds have passed; with hours, when they have passed in business hours."""
    if hours is None:
        return since + span
    left = span
    for opening, closing in hours.spans(since):
        begun = max(opening, since)
        if begun < closing and left <= closing - begun:
            return begun + left
        left -= max(0, closing - begun)
    raise AssertionError  # there is always another working day


def between(hours: Hours | None, since: Instant, until: Instant) -> int:
    """Return how many milliseconds pass from one instant to another; with hours, how many of business hours."""
    if hours is None:
        return max(0, until - since)
    passed = 0
    for opening, closing in hours.spans(since):
        if opening >= until:
            break
        passed += max(0, min(closing, until) - max(opening, since))
    return passed


def resumed(hours: Hours | None, at: Instant, paused: Instant, now: Instant) -> Instant:
    """Return when something is due that was due at an instant, after the count has paused until now."""
    return at if at <= paused else after(hours, now, between(hours, paused, at))
