"""What a calendar shows of a goal, entry by entry, and when each entry changed last.

A goal stores one instant for its title, its time zone and each of its entries: the last change of what they show. So
an entry is revised when its own content changes and at no other edit of the goal; only a new time zone revises all of
its tasks. What time alone brings, a milestone that is reached, nobody writes: it revises its entry at that instant.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from functions.goals import achievements, progress
from functions.goals.progress import THRESHOLDS, Ledger
from shared import days
from shared.clock import Instant

if TYPE_CHECKING:
    from functions.goals.goals import Goal

DEADLINE: Final = "deadline"
_ENTRIES: Final = (DEADLINE, *map(str, THRESHOLDS))


class Entry(NamedTuple):
    """What stands in a calendar on a day; what is predicted is not certain."""

    day: date
    what: str
    is_certain: bool = True


class Revisions(NamedTuple):
    """When the title, the time zone and each entry of a goal changed last, entries in the order of `_ENTRIES`."""

    title: Instant
    time_zone: Instant
    entries: tuple[Instant, ...]


def of_goal(goal: "Goal", at: Instant) -> dict[str, Entry]:
    """Return the entries of a goal by their names: its deadline and its milestones, of one that rests the reached."""
    is_active = goal.status == "active"
    found = {}
    if is_active and goal.deadline is not None:
        found[DEADLINE] = Entry(date.fromisoformat(goal.deadline), "deadline")
    ledger = progress.as_of(goal.ledger, at)
    for index, threshold in enumerate(THRESHOLDS):
        since = ledger.since[index]
        predicted = progress.predicted_at(ledger, index) if is_active and since is None else None
        when = predicted if since is None else since
        if when is not None:
            day = days.day_of(when, goal.time_zone, end=ledger.end)
            name = achievements.NAMES[threshold]
            found[str(threshold)] = Entry(day, name if predicted is None else f"{name} (predicted)", predicted is None)
    return found


def revised(before: "Goal", after: "Goal", at: Instant) -> tuple[Instant, ...]:
    """Return what a goal stores of its revisions after a change of it, from what it was to what it is."""
    known = revisions(before)
    old, new = of_goal(before, at), of_goal(after, at)
    return (
        known.title if before.title == after.title else at,
        known.time_zone if before.time_zone == after.time_zone else at,
        *(
            at if which in new and new[which] != old.get(which) else instant
            for which, instant in zip(_ENTRIES, known.entries, strict=True)
        ),
    )


def revisions(goal: "Goal") -> Revisions:
    """Return when what a goal shows changed last; of one that has not stored it yet, that is its last change."""
    title, time_zone, *entries = goal.revised or [goal.updated_at] * (2 + len(_ENTRIES))
    return Revisions(title, time_zone, tuple(entries))


def revised_at(goal: "Goal", ledger: Ledger) -> Mapping[str, Instant]:
    """Return when each entry of a goal changed last, by its name; its ledger is advanced to the present."""
    known = revisions(goal)
    reached = (None, *ledger.since)
    return {
        which: max(known.title, instant, since or instant)
        for which, instant, since in zip(_ENTRIES, known.entries, reached, strict=True)
    }
