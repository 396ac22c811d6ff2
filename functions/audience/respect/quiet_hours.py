"""Quiet hours: when nobody is to be disturbed, by the clock on their wall. Pure; the caller says what time it is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from shared.instants import DAY, SECOND, Instant, from_datetime, to_datetime

LONGEST_WAIT: Final[Instant] = DAY
"""A message that is due in quiet hours waits so long at most; then it is not sent."""

_MINUTE: Final = 60 * SECOND
_HOUR_MINUTES: Final = 60


class QuietHours(NamedTuple):
    """From when until when, in minutes of the day: the first is quiet, the second is not. They may go over midnight."""

    begins: int
    ends: int

    def cover(self, minutes: int) -> bool:
        """Return whether a minute of the day is quiet."""
        if self.begins <= self.ends:
            return self.begins <= minutes < self.ends
        return minutes >= self.begins or minutes < self.ends


NIGHT: Final = QuietHours(21 * _HOUR_MINUTES, 8 * _HOUR_MINUTES)


def of(decided: Mapping[str, Mapping[str, str]], channel: str) -> QuietHours | None:
    """Return the quiet hours of a channel, as a tenant decided them by channel; None for a channel that has none."""
    hours = decided.get(channel)
    return None if hours is None else QuietHours(_read(hours["begins"]), _read(hours["ends"]))


def opens_at(now: Instant, zone: str, hours: QuietHours) -> Instant | None:
    """Return when quiet hours end in a zone, None if it is none now.

    An end that clocks skip is as long after the change as it would have been; of one that comes twice, it is the first
    that is still to come.
    """
    wall = to_datetime(now).astimezone(ZoneInfo(zone))
    if not hours.cover(_minutes(wall)):
        return None
    days = (wall.date(), wall.date() + timedelta(days=1))
    ends = (_at(day, hours.ends, zone, fold=fold) for day in days for fold in (0, 1))
    return next(end for end in ends if end > now)


def opens_everywhere_at(now: Instant, zones: Sequence[str], hours: QuietHours) -> Instant | None:
    """Return when it is quiet in none of the zones, None if it is so now.

    Where that is not within a day, return what is later than any message waits.
    """
    moment = now
    while moment <= now + LONGEST_WAIT:
        ends = [end for zone in zones if (end := opens_at(moment, zone, hours)) is not None]
        if not ends:
            return None if moment == now else moment
        moment = max(ends)
    return moment


def is_expired(due: Instant, opens: Instant) -> bool:
    """Return whether a message that was due then would have waited too long by the end of the quiet hours."""
    return opens - due > LONGEST_WAIT


def local_instant(wall: datetime, zone: str, *, now: Instant) -> Instant:
    """Return when clocks of a zone show this date and time, or the same time on the next day that it is not past.

    `wall` has no zone. A time that clocks skip is as long after the change as it would have been; of one that comes
    twice, it is the first.
    """
    minutes = _minutes(wall)
    instant = _at(wall.date(), minutes, zone)
    if instant >= now:
        return instant
    today = max(wall.date(), to_datetime(now).astimezone(ZoneInfo(zone)).date())
    instant = _at(today, minutes, zone)
    return instant if instant >= now else _at(today + timedelta(days=1), minutes, zone)


def _read(time_of_day: str) -> int:
    """Return the minute of the day that `21:00` is."""
    hour, _, minute = time_of_day.partition(":")
    return int(hour) * _HOUR_MINUTES + int(minute)


def _minutes(wall: datetime) -> int:
    return wall.hour * _HOUR_MINUTES + wall.minute


def _at(day: date, minutes: int, zone: str, *, fold: int = 0) -> Instant:
    """Return when clocks of a zone show a minute of a day."""
    hour, minute = divmod(minutes, _HOUR_MINUTES)
    return from_datetime(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone), fold=fold))
