"""Points: a goal's ledger as it stood at the end of each day (UTC) on which it changed.

Between two changes a ledger says everything, so the points and the ledger of now are the goal's whole history, day by
day. A point is written once, when its day is over: with the first change of a later day, in its transaction, as the
ledger was before it. A second change on a day writes nothing, and the last day is the goal itself.
"""

from typing import TYPE_CHECKING

from functions.goals.progress import Ledger
from shared import clock
from shared.clock import DAY
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.writes import Put, Write

if TYPE_CHECKING:
    from functions.goals.goals import Goal

_NONE = "-"
# Some 165 bytes each: the daily points of ten years are one page of a query, which ends at 1 MB.
_PAGE = 5000


def prefix(goal_id: str) -> str:
    """Return what the sort keys of a goal's points begin with; after it they sort by day."""
    return f"POINT#{goal_id}#"


def follow(partition: str, goal_id: str, before: Ledger, after: Ledger) -> list[Write]:
    """Return what follows for the history when a change turned the ledger `before` into `after`."""
    return [Put(to_item(partition, goal_id, before))] if is_over(before, after) else []


def is_over(before: Ledger, after: Ledger) -> bool:
    """Tell whether the day of the last change of a ledger is over with its next one, and so has its point."""
    return before.changed_at // DAY < after.changed_at // DAY


def to_item(partition: str, goal_id: str, ledger: Ledger) -> Item:
    """Return the item of the point that a ledger leaves behind."""
    # One text instead of eight numbers: three years of daily points are read in a third of the time.
    return {
        "PK": partition,
        "SK": f"{prefix(goal_id)}{clock.to_rfc3339(ledger.changed_at)[:10]}",
        "entity": "Point",
        "ledger": _to_text(ledger),
    }


def from_item(item: Item) -> Ledger:
    """Return the ledger that a point holds."""
    start, end, task_share, changed_at, *counts = item["ledger"].split(" ")
    done_weight, counted_weight, completed_tasks, total_tasks, *fixed = map(int, counts)
    return Ledger(
        start=int(start),
        end=None if end == _NONE else int(end),
        task_share=int(task_share),
        changed_at=int(changed_at),
        done_weight=done_weight,
        counted_weight=counted_weight,
        completed_tasks=completed_tasks,
        total_tasks=total_tasks,
        fixed=(fixed[0], fixed[1]) if fixed else None,
    )


def history(goal: "Goal") -> list[Ledger]:
    """Return the ledgers of a goal in their order, one a day, the last one that of now; one query.

    `since` and `first` are only in the last: what was reached when is not asked of the past.
    """
    # Consistent: whoever sees the goal of a day sees the points of all days before it. Points of later days may have
    # come since the goal was read.
    found = [from_item(item) for item in table.query_all(goal.partition, prefix(goal.goal_id), page=_PAGE)]
    return [*(ledger for ledger in found if is_over(ledger, goal.ledger)), goal.ledger]


def _to_text(ledger: Ledger) -> str:
    numbers = (
        ledger.start,
        ledger.end,
        ledger.task_share,
        ledger.changed_at,
        ledger.done_weight,
        ledger.counted_weight,
        ledger.completed_tasks,
        ledger.total_tasks,
        *(ledger.fixed or ()),
    )
    return " ".join(_NONE if number is None else str(number) for number in numbers)
