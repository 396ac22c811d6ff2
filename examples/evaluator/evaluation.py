"""How a milestone is judged by the series of its KPI: pure."""

import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Observation(NamedTuple):
    """The value of a KPI on a day."""

    day: date
    value: Decimal


class Verdict(NamedTuple):
    """How a milestone stands; `completed_on` is the first day on which the target was reached in its time."""

    status: str
    current_value: Decimal
    completed_on: date | None


def read_series(lines: Iterable[str]) -> list[Observation]:
    """Return the observations of a CSV with the columns `date` and `value`, in the order of their days."""
    rows = csv.DictReader(lines)
    return sorted(Observation(date.fromisoformat(row["date"]), Decimal(row["value"])) for row in rows)


def judge(
    series: Iterable[Observation], target: Decimal, *, first_day: str | None, last_day: str | None, today: date
) -> Verdict:
    """Return how a milestone stands today."""
    first = date.min if first_day is None else date.fromisoformat(first_day)
    last = date.max if last_day is None else date.fromisoformat(last_day)
    seen = [each for each in series if first <= each.day <= min(last, today)]
    reached = next((each for each in seen if each.value >= target), None)
    if reached is not None:
        return Verdict("completed", max(seen[-1].value, reached.value), reached.day)
    current = seen[-1].value if seen else Decimal(0)
    if today > last:
        return Verdict("missed", current, None)
    return Verdict("in_progress" if seen else "pending", current, None)
