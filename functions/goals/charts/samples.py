"""The samples of a goal's chart, from its history: pure, exact, and as few as show everything.

There is a sample at the end of each day (UTC) on which the ledger changed, and of the day before it; the same where
time begins or ends to count. So between samples of days that are not neighbours only time moves, in a straight line.
The first sample is the day of the opening as it begins, with nothing there; the last one is the present.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from functions.goals import progress
from functions.goals.progress import Ledger, Ratio
from shared.instants import DAY, Instant


class Sample(NamedTuple):
    """How far a goal was at an instant; the percentages are exact."""

    at: Instant
    scope_weight: int
    done_weight: int
    total_tasks: int
    completed_tasks: int
    progress: Ratio
    task_progress: Ratio
    time_progress: Ratio | None


def samples(history: Sequence[Ledger], now: Instant) -> list[Sample]:
    """Return the samples of a history, oldest first, at least two; `now` is not before the last change."""
    today = now // DAY
    past = [
        _sample(ledger, _end_of(day))
        for ledger, later in pairwise(history)
        for day in _days(ledger, later.changed_at // DAY - 1)
    ]
    last = history[-1]
    present = [_sample(last, _end_of(day)) for day in _days(last, today) if day < today]
    return [_opening(history[0]), *past, *present, _sample(last, now)]


def _days(ledger: Ledger, last: int) -> list[int]:
    """Return the days until the last one that the ledger stood for, at whose end there is a sample of it."""
    first = ledger.changed_at // DAY
    if last == first:
        return [first]
    days = {first, last}
    if ledger.end is not None and ledger.fixed is None:
        turns = (ledger.start // DAY, ledger.end // DAY)
        days |= {day for turn in turns for day in (turn - 1, turn) if first < day < last}
    return sorted(days)


def _end_of(day: int) -> Instant:
    return (day + 1) * DAY - 1


def _opening(ledger: Ledger) -> Sample:
    nothing = (0, 1)
    midnight = ledger.changed_at // DAY * DAY
    return Sample(midnight, 0, 0, 0, 0, nothing, nothing, None if ledger.end is None else nothing)


def _sample(ledger: Ledger, at: Instant) -> Sample:
    return Sample(
        at,
        ledger.counted_weight,
        ledger.done_weight,
        ledger.total_tasks,
        ledger.completed_tasks,
        progress.hybrid(ledger, at),
        progress.task_progress(ledger),
        progress.time_progress(ledger, at),
    )
