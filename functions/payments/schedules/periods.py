"""On which day each period of a schedule begins. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Literal

from functions.payments.billing import months

Every = Literal["week", "month", "quarter", "half_year", "year"]

_MONTHS: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def day(first: date, every: Every, number: int) -> date:
    """Return the day of a period, 0 for the first. One of the 31st begins on the last day of a shorter month."""
    if every == "week":
        return first + timedelta(days=7 * number)
    return months.later(first, number * _MONTHS[every], on=first.day)


def number_from(first: date, every: Every, today: date) -> int:
    """Return the number of the first period that is not before a day."""
    number = max(0, (today - first).days // (7 if every == "week" else 31 * _MONTHS[every]))
    while day(first, every, number) < today:
        number += 1
    return number
