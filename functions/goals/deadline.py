"""A deadline is a day; a goal ends with the first instant after that day in its own time zone (rules, section 1)."""

from datetime import date, timedelta

from shared import days
from shared.instants import Instant


def end_of(day: date, time_zone: str) -> Instant:
    """Return the first instant after the day in the zone, also where its midnight does not exist or comes twice."""
    return days.start_of(day + timedelta(days=1), time_zone)
