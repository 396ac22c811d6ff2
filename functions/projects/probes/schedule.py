"""When a probe asks: every so often, or by the minutes, hours and days of a cron expression, in a time zone. Pure.

A time that clocks skip comes right after, and one that comes twice is the first of both.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from shared.instants import SECOND, Instant, from_datetime, to_datetime

Unit = Literal["hours", "days", "weeks"]

_HOUR: Final = 3600 * SECOND
_HOURS_OF_A_DAY: Final = 24
_DAYS: Final[Mapping[str, int]] = {"days": 1, "weeks": 7}
_FAR: Final = 366 * 8 + 2
"""In this many days each date of the calendar comes at least once, also a 29 February."""
_FIELDS: Final = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))


class Cron(NamedTuple):
    """A cron expression of five fields; days and weekdays that are both named mean either."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    is_any_day: bool
    is_any_weekday: bool

    def is_on(self, day: date) -> bool:
        """Return whether it names a day."""
        if day.month not in self.months:
            return False
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        if self.is_any_day or self.is_any_weekday:
            return of_month and of_week
        return of_month or of_week


def cron(text: str) -> Cron:
    """Return a cron expression: minute, hour, day, month, weekday from Sunday 0. Raises ValueError, which says why.

    Each is `*`, a number, a range, a step such as `*/2`, or several of these with commas. The minute is one number.
    """
    parts = text.split()
    if len(parts) != len(_FIELDS):
        raise ValueError("must have five fields: minute, hour, day, month, weekday")
    found = [_values(part, *field) for part, field in zip(parts, _FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = found
    if len(minutes) != 1:
        raise ValueError("must name one minute: a probe asks once an hour at most")
    read = Cron(
        minutes,
        hours,
        days,
        months,
        frozenset(each % 7 for each in weekdays),
        parts[2].startswith("*"),
        parts[4].startswith("*"),
    )
    if not any(read.is_on(date(2024, 1, 1) + timedelta(days=each)) for each in range(366)):
        raise ValueError("must name a day that there is")
    return read


def next_after(schedule: Mapping[str, Any], time_zone: str, begun: Instant, since: Instant) -> Instant:
    """Return when a schedule that has begun at an instant comes next after another."""
    if schedule.get("cron") is not None:
        return _next_of_cron(cron(schedule["cron"]), ZoneInfo(time_zone), since)
    every, unit = schedule["every"], schedule["unit"]
    if unit == "hours":
        span: int = every * _HOUR
        return begun + (max(0, since - begun) // span + 1) * span
    days, zone = every * _DAYS[unit], ZoneInfo(time_zone)
    first = to_datetime(begun).astimezone(zone)
    times = max(0, (to_datetime(since) - first).days // days - 1)
    while True:
        times += 1
        # The same time of the day, whatever the clocks have done meanwhile.
        at = from_datetime((first.replace(tzinfo=None) + timedelta(days=times * days)).replace(tzinfo=zone))
        if at > since:
            return at


def is_daily_at_most(schedule: Mapping[str, Any]) -> bool:
    """Return whether a schedule asks once a day at most."""
    if schedule.get("cron") is not None:
        return len(cron(schedule["cron"]).hours) == 1
    return bool(schedule["unit"] != "hours" or schedule["every"] >= _HOURS_OF_A_DAY)


def _next_of_cron(read: Cron, zone: ZoneInfo, since: Instant) -> Instant:
    # The day before: a time that clocks skip comes after midnight of the next, at the earliest.
    first = to_datetime(since).astimezone(zone).date() - timedelta(days=1)
    for number in range(_FAR):
        day = first + timedelta(days=number)
        if read.is_on(day):
            later = [at for at in _instants(read, day, zone) if at > since]
            if later:
                return min(later)
    raise AssertionError  # there is always another such day


def _instants(read: Cron, day: date, zone: ZoneInfo) -> Iterator[Instant]:
    for hour in read.hours:
        for minute in read.minutes:
            # fold=0: the first of two, and with the offset before the change one that is skipped.
            yield from_datetime(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone))


def _values(text: str, name: str, least: int, most: int) -> frozenset[int]:
    """Return the numbers of a field. Raises ValueError."""
    found = set[int]()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        low, dash, high = span.partition("-")
        if span == "*":
            low, high = str(least), str(most)
        elif not dash:
            high = str(most) if slash else low
        numbers = [low, high, step if slash else "1"]
        if not all(each.isascii() and each.isdigit() and len(each) <= len("59") for each in numbers):
            raise ValueError(f"must have numbers, ranges or steps as {name}")
        first, last, by = map(int, numbers)
        if not least <= first <= last <= most or by < 1:
            raise ValueError(f"must have a {name} from {least} to {most}")
        found |= {*range(first, last + 1, by)}
    return frozenset(found)
