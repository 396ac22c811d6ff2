"""A recount of a goal from its whole history, by the words of the rules: the second opinion on `progress.py`.

Exact fractions, and no formula for instants: between two changes progress never falls, so the first instant at which a
threshold is reached is found by halving. Time reaches a threshold up to and including the instant of the next change;
then that change takes effect.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

THRESHOLDS = (25, 50, 75, 100)

Progress = Callable[[int], Fraction]


@dataclass(frozen=True)
class Facts:
    """What is true of a goal between two changes; `tasks` are pairs of weight and status."""

    start: int
    end: int | None
    task_share: int
    status: str = "active"
    tasks: Mapping[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """From this instant on, these facts."""

    at: int
    facts: Facts


@dataclass(frozen=True)
class Account:
    """What a goal has to say of itself at an instant; sequences have one member for each threshold."""

    progress: Fraction
    percentage: float
    task_progress: Fraction
    time_progress: Fraction | None
    completed_tasks: int
    total_tasks: int
    achieved_at: Sequence[int | None]
    first_achieved_at: Sequence[int | None]
    predicted_at: Sequence[int | None]


def recount(history: Sequence[Change], now: int) -> Account:
    """Return the account of the goal at an instant that is not before the last change."""
    runs: dict[int, int | None] = dict.fromkeys(THRESHOLDS)
    firsts: dict[int, int | None] = dict.fromkeys(THRESHOLDS)
    progress: Progress = lambda _: Fraction(0)  # noqa: E731 - before it is opened, a goal has no progress
    for change, until in zip(history, [*(later.at for later in history[1:]), now], strict=True):
        progress = progress_of(change.facts, kept=progress(change.at))
        for threshold in THRESHOLDS:
            runs[threshold] = _run(progress, threshold, runs[threshold], change.at, until)
            firsts[threshold] = runs[threshold] if firsts[threshold] is None else firsts[threshold]
    return _account(history[-1].facts, progress, now, runs, firsts)


def progress_of(facts: Facts, *, kept: Fraction) -> Progress:
    """Return progress as a function of the instant; `kept` is what it was in the moment before these facts."""
    if facts.status == "completed":
        return lambda _: Fraction(100)
    if facts.status == "archived":
        return lambda _: kept
    tasks = task_progress(facts)
    if facts.end is None:
        return lambda _: tasks
    start, length = facts.start, facts.end - facts.start
    from_tasks, per_millisecond = facts.task_share * tasks / 100, Fraction(100 - facts.task_share, length)
    return lambda at: from_tasks + per_millisecond * min(max(at - start, 0), length)


def task_progress(facts: Facts) -> Fraction:
    """Return the percentage of the weight that counts which is done."""
    counted = [(weight, status) for weight, status in facts.tasks.values() if status not in {"cancelled", "archived"}]
    done = sum(weight for weight, status in counted if status == "completed")
    return Fraction(100 * done, sum(weight for weight, _ in counted)) if counted else Fraction(0)


def time_progress(facts: Facts, at: int) -> Fraction | None:
    """Return the percentage of the time that has passed, None without an end."""
    if facts.end is None:
        return None
    return min(max(Fraction(100 * (at - facts.start), facts.end - facts.start), Fraction(0)), Fraction(100))


def _run(progress: Progress, threshold: int, run: int | None, begin: int, until: int) -> int | None:
    """Return since when the threshold is reached at `until`, if nothing changes after `begin`; None if it is not."""
    if progress(begin) >= threshold:
        return begin if run is None else run
    return _first_instant(progress, threshold, begin, until)


def _first_instant(progress: Progress, threshold: int, begin: int, until: int) -> int | None:
    """Return the first instant of a stretch without changes at which the threshold is reached."""
    if progress(until) < threshold:
        return None
    return begin + bisect_left(range(begin, until + 1), threshold, key=progress)


def _account(
    facts: Facts, progress: Progress, now: int, runs: dict[int, int | None], firsts: dict[int, int | None]
) -> Account:
    horizon = now if facts.end is None else max(now, facts.end)
    counted = [status for _, status in facts.tasks.values() if status not in {"cancelled", "archived"}]
    return Account(
        progress=progress(now),
        percentage=int(progress(now) * 100 + Fraction(1, 2)) / 100,
        task_progress=task_progress(facts),
        time_progress=time_progress(facts, now),
        completed_tasks=counted.count("completed"),
        total_tasks=len(counted),
        achieved_at=tuple(runs.values()),
        first_achieved_at=tuple(firsts.values()),
        predicted_at=tuple(
            _first_instant(progress, threshold, now, horizon) if runs[threshold] is None else None
            for threshold in THRESHOLDS
        ),
    )


def regains(history: Sequence[Change]) -> list[int]:
    """Return how often each threshold was reached again until the last change, by a change or by time alone."""
    regained = [0] * len(THRESHOLDS)
    for count in range(2, len(history) + 1):
        earlier, at = history[: count - 1], history[count - 1].at
        known = recount(earlier, earlier[-1].at)
        by_time, after = recount(earlier, at).achieved_at, recount(history[:count], at).achieved_at
        open_again = [
            first is not None and since is None
            for first, since in zip(known.first_achieved_at, known.achieved_at, strict=True)
        ]
        reached = [b is not None or a is not None for b, a in zip(by_time, after, strict=True)]
        regained = [n + (o and r) for n, o, r in zip(regained, open_again, reached, strict=True)]
    return regained


def falls(history: Sequence[Change]) -> list[int]:
    """Return how often each threshold was lost: reached until a change, and no longer with it."""
    lost = [0] * len(THRESHOLDS)
    for count in range(2, len(history) + 1):
        at = history[count - 1].at
        before, after = recount(history[: count - 1], at).achieved_at, recount(history[:count], at).achieved_at
        lost = [n + (b is not None and a is None) for n, b, a in zip(lost, before, after, strict=True)]
    return lost
