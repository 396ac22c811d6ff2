"""Months and the days in them: ends, and the same day in another month. Pure."""

import calendar
from datetime import date


def last_day(day: date) -> date:
    """Return the last day of the month of a day."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def later(first: date, count: int, *, on: int) -> date:
    """Return the day `on` of the month so many months after that of a day; the last one where it has no such day."""
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, min(on, calendar.monthrange(year, month + 1)[1]))


def code(day: date) -> str:
    """Return the month of a day as it stands in numbers, such as `202611`."""
    return f"{day.year:04}{day.month:02}"
