"""A deadline is a day; a goal ends with the first instant after that day in its own time zone (rules, section 1)."""

from datetime import date, timedelta
from functools import cache
from importlib import resources

from shared import days
from shared.instants import Instant


def end_of(day: date, time_zone: str) -> Instant:
    """Return the first instant after the day in the zone, also where its midnight does not exist or comes twice."""
    return days.start_of(day + timedelta(days=1), time_zone)


def is_time_zone(name: str) -> bool:
    """Tell whether the name is an IANA time zone."""
    return name == "UTC" or name in _names()


@cache
def _names() -> frozenset[str]:
    """Return all IANA names; `zoneinfo.available_timezones` would read every file of the database for the same."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text().split())
