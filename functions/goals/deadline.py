"""A deadline is a day; a goal ends with the first instant after that day in its own time zone (rules, section 1)."""

from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from shared.instants import Instant, from_datetime, to_datetime


def end_of(day: date, time_zone: str) -> Instant:
    """Return the first instant after the day in the zone, also where its midnight does not exist or comes twice."""
    # fold=0 reads a midnight that clocks skip with the offset before the change, which is the instant of the change.
    following = day + timedelta(days=1)
    return from_datetime(datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(time_zone)))


def day_of(instant: Instant, time_zone: str) -> date:
    """Return the calendar day on which the instant falls in the zone."""
    return to_datetime(instant).astimezone(ZoneInfo(time_zone)).date()


def is_time_zone(name: str) -> bool:
    """Tell whether the name is an IANA time zone."""
    return name == "UTC" or name in _names()


@cache
def _names() -> frozenset[str]:
    """Return all IANA names; `zoneinfo.available_timezones` would read every file of the database for the same."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text().split())
