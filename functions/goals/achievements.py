"""Achievements: that a goal reached a derived milestone for the first time, once each.

Which milestones are reached now is never stored here: that is what the goal's ledger says. An achievement is the
memory of the first time, listed newest first, and it goes with its goal.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from functions.goals import goals, progress
from functions.goals.goals import Goal
from functions.goals.progress import THRESHOLDS, Ledger
from shared import clock, days, wording
from shared.clock import Instant
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.table import Page
from shared.storage.writes import ABSENT, Put, Write

NAMES = {25: "First Quarter", 50: "Halfway Point", 75: "Three Quarters", 100: "Complete"}
_LISTED = "ENTITY#Milestone#"


def milestone_id(goal_id: str, percentage: int) -> str:
    """Return the id of a goal's derived milestone."""
    return f"milestone_{percentage}_{goal_id}"


def key(partition: str, goal_id: str, percentage: int) -> Key:
    """Return the key of an achievement."""
    return Key(partition, f"{prefix(goal_id)}{milestone_id(goal_id, percentage)}")


def prefix(goal_id: str) -> str:
    """Return what the sort keys of a goal's achievements begin with."""
    return f"MILESTONE#{goal_id}#"


def keys(partition: str, goal_id: str) -> list[Key]:
    """Return the keys of all achievements that a goal can have."""
    return [key(partition, goal_id, percentage) for percentage in THRESHOLDS]


def follow(goal: Goal, before: Ledger, at: Instant) -> list[Write]:
    """Return what follows for the milestones when a change turned the ledger `before` into that of the goal.

    A milestone reached for the first time is recorded and announced; one that had been reached and no longer is, is
    announced as lost, and one that is reached again as regained. Time may have reached what the change lost.
    """
    by_time = progress.advance(before, at).since
    writes: list[Write] = []
    for index, percentage in enumerate(THRESHOLDS):
        first, since = goal.ledger.first[index], goal.ledger.since[index]
        again = by_time[index] or since
        if before.first[index] is None:
            if first is not None:
                writes += [_recorded(goal, percentage, first), _announced("achieved", goal, percentage, first, at)]
        elif before.since[index] is None and again is not None:
            writes.append(_announced("regained", goal, percentage, again, at))
        if since is None and by_time[index] is not None:
            writes.append(_announced("lost", goal, percentage, at, at))
    return writes


def page(user_id: str, *, limit: int, cursor: str | None) -> Page:
    """Return a page of a user's achievements, newest first."""
    return table.query(f"USER#{user_id}", _LISTED, index=True, newest_first=True, limit=limit, cursor=cursor)


def view(item: Item) -> dict[str, object]:
    """Return what a caller sees of an achievement; title and day are the goal's when it was recorded."""
    shown: Sequence[str] = ("milestone_id", "goal_id", "goal_title", "name", "percentage", "achieved_at")
    return {**{name: item[name] for name in shown}, "achieved_text": _day(item)}


def _day(item: Item) -> str:
    """Return the day of an achievement in the zone of its goal; of one that was stored without it, the UTC day."""
    if "achieved_on" in item:
        return wording.date_text(date.fromisoformat(item["achieved_on"]))
    return wording.day(clock.from_stored(item["achieved_at"]), None)


def _recorded(goal: Goal, percentage: int, first: Instant) -> Put:
    pk, sk = key(goal.partition, goal.goal_id, percentage)
    achieved_at = clock.to_rfc3339(first)
    item = {
        "PK": pk,
        "SK": sk,
        "GSI1PK": pk,
        "GSI1SK": f"{_LISTED}{achieved_at}",
        "entity": "Milestone",
        "milestone_id": milestone_id(goal.goal_id, percentage),
        "goal_id": goal.goal_id,
        "goal_title": goal.title,
        "name": NAMES[percentage],
        "percentage": percentage,
        "achieved_at": achieved_at,
        "achieved_on": days.day_of(first, goal.time_zone, end=goal.ledger.end).isoformat(),
        "created_at": achieved_at,
    }
    return Put(item, ABSENT)


def _announced(what: str, goal: Goal, percentage: int, when: Instant, at: Instant) -> Put:
    told: dict[str, Any] = {
        "milestone_id": milestone_id(goal.goal_id, percentage),
        "percentage": percentage,
        f"{what}_at": clock.to_rfc3339(when),
    }
    return goals.happened(f"milestone.{what}", goal, at, **told)
