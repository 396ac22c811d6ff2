"""How far a goal is: 70 % tasks, 30 % time (or the goal's own weights), exactly.

Everything is integer arithmetic on a `Ledger`, the small record that a goal keeps of itself. Between two changes
progress never falls and is linear in time, so the ledger with one `since` and one `first` per threshold answers what
is reached now, when it was reached, and when time alone will reach the rest: no history is read, and reading changes
nothing. The rules are section 1 and 2 of `docs/progress.md`.
"""

from typing import Any, NamedTuple

from shared.instants import DAY, Instant

THRESHOLDS = (25, 50, 75, 100)
URGENT_WITHIN = 7 * DAY

Ratio = tuple[int, int]
"""An exact number of percent as numerator and positive denominator."""
Instants = tuple[Instant | None, ...]
"""One instant, or None, for each threshold."""

NEVER: Instants = (None, None, None, None)


class Ledger(NamedTuple):
    """What progress is computed from.

    `start` and `end` bound the time, `task_share` is the percentage of the tasks (the rest is the time's), `fixed` is
    the progress of a goal that is completed or archived. `since` is when each threshold's present run began and
    `first` when it was reached for the first time, both at least up to `changed_at`, the last change. They may go on
    past it, up to when the ledger was advanced last; `as_of` takes back what is later than the instant asked about.
    """

    start: Instant
    end: Instant | None
    task_share: int
    changed_at: Instant
    done_weight: int = 0
    counted_weight: int = 0
    completed_tasks: int = 0
    total_tasks: int = 0
    fixed: Ratio | None = None
    since: Instants = NEVER
    first: Instants = NEVER


def open_ledger(*, start: Instant, end: Instant | None, task_share: int, opened_at: Instant) -> Ledger:
    """Return the ledger of a goal without tasks, as it stands when it is opened."""
    return _settle(Ledger(start=start, end=end, task_share=task_share, changed_at=opened_at), opened_at)


def change(ledger: Ledger, at: Instant, **fields: Any) -> Ledger:
    """Return the ledger after a change at an instant: first what time reached until then, then the new fields."""
    return _settle(advance(ledger, at)._replace(changed_at=at, **fields), at)


def advance(ledger: Ledger, to: Instant) -> Ledger:
    """Return the ledger with the thresholds that time alone has reached until an instant, both ends included."""
    reached = [_reached_by_time(ledger, index, to) for index in range(4)]
    if reached == list(ledger.since):
        return ledger
    first = [known if known is not None else now for known, now in zip(ledger.first, reached, strict=True)]
    return ledger._replace(since=tuple(reached), first=tuple(first))


def as_of(ledger: Ledger, at: Instant) -> Ledger:
    """Return the ledger as it is at an instant that is not before the last change, however far it was advanced."""
    return advance(known_by(ledger, at), at)


def known_by(ledger: Ledger, at: Instant) -> Ledger:
    """Return the ledger without what time alone reaches after an instant that is not before the last change."""
    if recorded_until(ledger) <= at:
        return ledger
    since, first = (_until(at, instants) for instants in (ledger.since, ledger.first))
    return ledger._replace(since=since, first=first)


def recorded_until(ledger: Ledger) -> Instant:
    """Return the latest instant that the ledger records: its last change, or what time alone reached after it."""
    return max([each for each in (ledger.changed_at, *ledger.since, *ledger.first) if each is not None])


def hybrid(ledger: Ledger, at: Instant) -> Ratio:
    """Return the exact progress in percent at an instant that is not before the last change."""
    if ledger.fixed is not None:
        return ledger.fixed
    done, counted = _tasks(ledger)
    if ledger.end is None:
        return 100 * done, counted
    length = ledger.end - ledger.start
    time_share = 100 - ledger.task_share
    elapsed = _elapsed(ledger.start, ledger.end, at)
    return ledger.task_share * done * length + time_share * elapsed * counted, counted * length


def recorded(ledger: Ledger) -> int:
    """Return the progress at the latest instant that the ledger records, in whole percent, rounded down.

    A threshold is reached there exactly if it is not above this.
    """
    done, whole = hybrid(ledger, recorded_until(ledger))
    return done // whole


def task_progress(ledger: Ledger) -> Ratio:
    """Return the weight done as an exact percentage of the weight counted; 0 when nothing counts."""
    done, counted = _tasks(ledger)
    return 100 * done, counted


def time_progress(ledger: Ledger, at: Instant) -> Ratio | None:
    """Return the exact percentage of the time that has passed, 0 to 100; None without a deadline."""
    if ledger.end is None:
        return None
    return 100 * _elapsed(ledger.start, ledger.end, at), ledger.end - ledger.start


def pace(ledger: Ledger, at: Instant) -> Ratio | None:
    """Return task progress minus time progress in percentage points, exactly; None without a deadline."""
    time = time_progress(ledger, at)
    if time is None:
        return None
    tasks = task_progress(ledger)
    return tasks[0] * time[1] - time[0] * tasks[1], tasks[1] * time[1]


def predicted_at(ledger: Ledger, index: int) -> Instant | None:
    """Return when time alone reaches the threshold if nothing else changes; None if never.

    Meant for a threshold that is not reached; it is the first millisecond at which progress is not below it.
    """
    time_share = 100 - ledger.task_share
    if ledger.fixed is not None or ledger.end is None or time_share == 0:
        return None
    done, counted = _tasks(ledger)
    length = ledger.end - ledger.start
    missing = THRESHOLDS[index] * counted - ledger.task_share * done
    elapsed = -(-length * missing // (time_share * counted))
    return ledger.start + elapsed if elapsed <= length else None


def next_reached(ledger: Ledger) -> Instant | None:
    """Return when time alone next reaches a threshold, for the first time or again, if nothing else changes.

    None if it never does. It may be past: what time has reached since the last change is not in the ledger until it is
    advanced.
    """
    open_ones = [index for index in range(4) if ledger.since[index] is None]
    predicted = [predicted_at(ledger, index) for index in open_ones]
    return min([each for each in predicted if each is not None], default=None)


def percent(ratio: Ratio) -> float:
    """Return the ratio as a decimal rounded half up to two places, for people; nothing is decided by it."""
    return hundredths(ratio) / 100


def hundredths(ratio: Ratio) -> int:
    """Return the ratio in hundredths of a percent, rounded half up."""
    numerator, denominator = ratio
    return (numerator * 200 + denominator) // (2 * denominator)


def _tasks(ledger: Ledger) -> Ratio:
    return (ledger.done_weight, ledger.counted_weight) if ledger.counted_weight else (0, 1)


def _elapsed(start: Instant, end: Instant, at: Instant) -> int:
    """Return the milliseconds between start and end that have passed: not less than none, not more than all."""
    return min(max(at - start, 0), end - start)


def _reached_by_time(ledger: Ledger, index: int, until: Instant) -> Instant | None:
    """Return since when the threshold is reached, if nothing but time has passed since the last change."""
    since = ledger.since[index]
    if since is not None:
        return since
    predicted = predicted_at(ledger, index)
    return predicted if predicted is not None and predicted <= until else None


def _until(at: Instant, instants: Instants) -> Instants:
    return tuple([None if each is None or each > at else each for each in instants])


def _settle(ledger: Ledger, at: Instant) -> Ledger:
    """Return the ledger with `since` and `first` brought in line with its own progress at the instant of a change."""
    numerator, denominator = hybrid(ledger, at)
    since: list[Instant | None] = []
    for threshold, known in zip(THRESHOLDS, ledger.since, strict=True):
        reached = numerator >= threshold * denominator
        since.append((at if known is None else known) if reached else None)
    if since == list(ledger.since):
        return ledger
    first = [known if known is not None else now for known, now in zip(ledger.first, since, strict=True)]
    return ledger._replace(since=tuple(since), first=tuple(first))
