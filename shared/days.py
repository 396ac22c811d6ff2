"""Calendar days of a time zone: on which day an instant falls, and when a day begins. Pure; it reads no clock."""

import functools
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.instants import DAY, Instant, from_datetime, to_datetime

_EPOCH: Final = date(1970, 1, 1).toordinal()


@functools.lru_cache(maxsize=512)
def day_of(instant: Instant, time_zone: str, *, end: Instant | None = None) -> date:
    """Return the calendar day on which the instant falls in the zone; at `end`, an exclusive end, its last day.

    Before the year 1 and after 9999 it is the first or the last day that can be written.
    """
    if instant == end:
        return last_day_of(instant, time_zone)
    try:
        # A list of goals makes hundreds of days, most of them of UTC; without a time zone one takes a tenth as long.
        # The day of an instant is asked for again and again: for a milestone's text, its first time, its calendar.
        if time_zone == "UTC":
            return date.fromordinal(_EPOCH + instant // DAY)
        return to_datetime(instant).astimezone(ZoneInfo(time_zone)).date()
    except (OverflowError, ValueError):
        return date.max if instant > 0 else date.min


def last_day_of(end: Instant, time_zone: str) -> date:
    """Return the last day before an exclusive end: a midnight ends the day before it."""
    return day_of(end - 1, time_zone)


def start_of(day: date, time_zone: str) -> Instant:
    """Return the first instant of the day in the zone, also where its midnight does not exist or comes twice."""
    # fold=0 reads a midnight that clocks skip with the offset before the change, which is the instant of the change.
    return from_datetime(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)))
