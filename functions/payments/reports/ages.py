"""How long what is due is due already. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

View = dict[str, Any]

AGES: Final = (
    ("not_due", 0),
    ("days_1_to_30", 30),
    ("days_31_to_60", 60),
    ("days_61_to_90", 90),
    ("over_90_days", date.max.toordinal()),
)
"""The ages with the most days that what is due has of each, after the day on which it is due."""


class Due(NamedTuple):
    """How many invoices are due on a day, and what is due of them in minor units."""

    day: date
    invoices: int
    minor_units: int


def views(dues: Iterable[Due], today: date) -> list[View]:
    """Return how many invoices have which age, and what is due of them, for each age."""
    found = {age: [0, 0] for age, _ in AGES}
    for each in dues:
        sums = found[of((today - each.day).days)]
        sums[0] += each.invoices
        sums[1] += each.minor_units
    return [{"age": age, "invoices": count, "due_minor_units": due} for age, (count, due) in found.items()]


def of(days: int) -> str:
    """Return the age of what is due for so many days; what is not due yet has none, or fewer."""
    return next(age for age, most in AGES if days <= most)
