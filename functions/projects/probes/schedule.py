"""When a probe asks: every so often, or by the minutes, hours and days of a cron expression, in a time zone. Pure.

A time that clocks skip comes right after, and one that comes twice is the first of both.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo

from shared.instants import SECOND, Instant, from_datetime, to_datetime

if TYPE_CHECKING:
    from cronsim import CronSim

Unit = Literal["hours", "days", "weeks"]

_HOUR: Final = 3600 * SECOND
_HOURS_OF_A_DAY: Final = 24
_FIELDS: Final = 5
_DAYS: Final[Mapping[str, int]] = {"days": 1, "weeks": 7}
_CLOCKS: Final = timedelta(hours=3)
"""Further than clocks are changed at once."""
_EPOCH: Final = datetime(2024, 1, 1)  # noqa: DTZ001 - the clock on a wall, as all times of expressions are


def cron(text: str, since: datetime = _EPOCH) -> "CronSim":
    """Return the times on a wall clock that a cron expression names after another. Raises ValueError, which says why.

    The expression is read as Debian's cron reads it; it has five fields, and one number as its minute.
    """
    # Few functions read an expression: no cold start waits for it.
    from cronsim import CronSim, CronSimError  # noqa: PLC0415

    if not text.isascii() or len(text.split()) != _FIELDS:
        raise ValueError("must have five fields: minute, hour, day, month, weekday")
    try:
        read = CronSim(text, since)
    except CronSimError as error:
        raise ValueError(f"must be a cron expression: {error}") from error
    if len(read.minutes) != 1:
        raise ValueError("must name one minute: a probe asks once an hour at most")
    return read


def require_day(text: str) -> None:
    """Require that a cron expression names a day that there is. Raises ValueError, which says why."""
    if next(cron(text), None) is None:
        raise ValueError("must name a day that there is")


def next_after(schedule: Mapping[str, Any], time_zone: str, begun: Instant, since: Instant) -> Instant:
    """Return when a schedule that has begun at an instant comes next after another."""
    if schedule.get("cron") is not None:
        return _next_of_cron(schedule["cron"], ZoneInfo(time_zone), since)
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


def _next_of_cron(text: str, zone: ZoneInfo, since: Instant) -> Instant:
    """Return the first of the instants of a cron expression after another.

    The times on a wall clock come in order, their instants need not: one that clocks skip comes after the change.
    """
    found, until = list[Instant](), datetime.max  # noqa: DTZ901 - on a wall clock, too
    for time in cron(text, to_datetime(since).astimezone(zone).replace(tzinfo=None) - _CLOCKS):
        if time > until:
            break
        # fold=0: the first of two, and with the offset before the change one that is skipped.
        at = from_datetime(time.replace(tzinfo=zone))
        if at > since:
            found, until = [*found, at], min(until, time + _CLOCKS)
    return min(found)
