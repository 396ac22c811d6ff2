"""A goal: its record, its keys and what can be done with it.

The goal item carries its own ledger (`progress.py`), so reading a goal with its progress and milestones is one item.
Every change of the goal or of one of its tasks writes the goal at its next version, together with all that follows:
its entries in lists, the counts by status, achievements, points and events.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.goals import ledgers, progress
from functions.goals.progress import Ledger
from shared import clock, ids
from shared.callers import sources
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import events, table
from shared.storage.attributes import Item, Key
from shared.storage.events import Concern, Event
from shared.storage.writes import Put

STATUSES: Final = ("active", "paused", "completed", "archived")


LISTED = "ENTITY#Goal#"


class GoalNotFound(NotFound):
    """404: there is no goal with this id, or it is not shared with you."""

    def __init__(self) -> None:
        super().__init__("There is no goal with this id, or it is not shared with you.")


class Goal(NamedTuple):
    """A goal as it is stored.

    `due_bound` is not earlier than the `due_at` of any of its tasks; `overdue_end` is the end it was announced overdue
    for, so that this is said once. `revised` is when what a calendar shows of it changed (`calendar_entries.py`).
    """

    goal_id: str
    owner_id: str
    tenant_id: str
    title: str
    status: str
    time_zone: str
    ledger: Ledger
    created_at: Instant
    updated_at: Instant
    version: int
    description: str | None = None
    category: str | None = None
    tags: Sequence[str] = ()
    deadline: str | None = None
    has_answers: bool = False
    due_bound: Instant | None = None
    overdue_end: Instant | None = None
    revised: tuple[Instant, ...] = ()

    @property
    def partition(self) -> str:
        """Return the partition key that everything of this goal is stored under."""
        return partition(self.owner_id)


def partition(user_id: str) -> str:
    """Return the partition of a user's goals."""
    return f"USER#{user_id}"


def key(owner_id: str, goal_id: str) -> Key:
    """Return the key of a goal. Raises GoalNotFound for an id that no goal can have."""
    if not ids.is_valid(goal_id, "goal"):
        raise GoalNotFound
    return sources.goal_key(owner_id, goal_id)


def answers_key(owner_id: str, goal_id: str) -> Key:
    """Return the key of a goal's answers, kept apart so that a list or a look at progress does not pay for them."""
    return Key(partition(owner_id), f"ANSWERS#{goal_id}")


def counts_key(user_id: str) -> Key:
    """Return the key of the counters of a user's goals."""
    return Key(partition(user_id), "COUNTS")


def to_item(goal: Goal) -> Item:
    """Return the item of a goal."""
    pk, sk = key(goal.owner_id, goal.goal_id)
    created_at = clock.to_rfc3339(goal.created_at)
    optional = {
        "description": goal.description,
        "category": goal.category,
        "tags": list(goal.tags),
        "deadline": goal.deadline,
        "has_answers": goal.has_answers,
        "due_bound": None if goal.due_bound is None else clock.to_rfc3339(goal.due_bound),
        "overdue_end": None if goal.overdue_end is None else clock.to_rfc3339(goal.overdue_end),
        "revised": list(goal.revised),
    }
    return {
        "PK": pk,
        "SK": sk,
        "GSI1PK": pk,
        "GSI1SK": f"{LISTED}{created_at}",
        "entity": "Goal",
        "goal_id": goal.goal_id,
        "owner_id": goal.owner_id,
        "tenant_id": goal.tenant_id,
        "title": goal.title,
        "status": goal.status,
        "time_zone": goal.time_zone,
        "created_at": created_at,
        "updated_at": clock.to_rfc3339(goal.updated_at),
        "version": goal.version,
        **{name: value for name, value in optional.items() if value},
        **ledgers.to_attributes(goal.ledger),
    }


def from_item(item: Item) -> Goal:
    """Return the goal of an item."""
    due_bound, overdue_end = item.get("due_bound"), item.get("overdue_end")
    return Goal(
        goal_id=item["goal_id"],
        owner_id=item["owner_id"],
        tenant_id=item["tenant_id"],
        title=item["title"],
        status=item["status"],
        time_zone=item["time_zone"],
        ledger=ledgers.from_attributes(item),
        created_at=clock.from_stored(item["created_at"]),
        updated_at=clock.from_stored(item["updated_at"]),
        version=item["version"],
        description=item.get("description"),
        category=item.get("category"),
        tags=item.get("tags", ()),
        deadline=item.get("deadline"),
        has_answers=item.get("has_answers", False),
        due_bound=None if due_bound is None else clock.from_stored(due_bound),
        overdue_end=None if overdue_end is None else clock.from_stored(overdue_end),
        revised=tuple(item.get("revised", ())),
    )


def happened(what: str, goal: Goal, at: Instant, *, concerns: Sequence[Concern] = (), **data: Any) -> Put:
    """Return the write of the event `goals.<what>` about a goal as it is stored after it; it concerns its owner.

    `concerns` are others whom it concerns as well.
    """
    return events.occurred(
        f"goals.{what}",
        partition=goal.partition,
        subject_id=goal.goal_id,
        tenant_id=goal.tenant_id,
        at=at,
        data={**identified(goal), **data},
        state=stated(goal),
        concerns=[Concern(goal.owner_id, "owner"), *concerns],
    )


def restated(goal: Goal) -> Event:
    """Return the event that says how a goal is stored now."""
    return events.stated(
        "goals.goal", subject_id=goal.goal_id, tenant_id=goal.tenant_id, data=identified(goal), state=stated(goal)
    )


def identified(goal: Goal) -> dict[str, Any]:
    """Return the data that every event of a goal has."""
    return {"goal_id": goal.goal_id, "owner_id": goal.owner_id, "goal_version": goal.version}


def stated(goal: Goal) -> dict[str, Any]:
    """Return the state of a goal as its events announce it: made of what is stored alone, whatever the time is.

    With it an event takes less than 1 KB, which is one write unit.
    """
    ledger = goal.ledger
    all_done_at = ledger.first[-1]
    optional = {
        "category": goal.category,
        "end_at": None if ledger.end is None else clock.to_rfc3339(ledger.end),
        "all_done_at": None if all_done_at is None else clock.to_rfc3339(all_done_at),
    }
    return {
        "version": goal.version,
        "created_at": clock.to_rfc3339(goal.created_at),
        "status": goal.status,
        "start_at": clock.to_rfc3339(ledger.start),
        "completed_tasks": ledger.completed_tasks,
        "total_tasks": ledger.total_tasks,
        "done_weight": ledger.done_weight,
        "counted_weight": ledger.counted_weight,
        "progress": progress.recorded(ledger),
        **{name: value for name, value in optional.items() if value is not None},
    }


def present(goal: Goal) -> Instant:
    """Return the present instant as this goal has it: never before what it has recorded, should clocks differ."""
    return max(clock.now(), progress.recorded_until(goal.ledger))


def tasks_done(goal: Goal) -> str:
    """Return how many tasks of a goal are done: `3 of 14 tasks`."""
    done, total = goal.ledger.completed_tasks, goal.ledger.total_tasks
    return f"{done:,} of {total:,} {'task' if total == 1 else 'tasks'}"


def page(user_id: str, *, limit: int, cursor: str | None, oldest_first: bool = False) -> tuple[list[Goal], str | None]:
    """Return a page of a user's goals in the order of their creation; one query."""
    found = table.query(
        partition(user_id), LISTED, index=True, newest_first=not oldest_first, limit=limit, cursor=cursor
    )
    return [from_item(item) for item in found.items], found.next_cursor


def of_ids(user_id: str, goal_ids: Sequence[str]) -> list[Goal]:
    """Return up to 100 goals in the order of their ids, one call; one that was deleted in between is left out."""
    items = table.get_many([key(user_id, goal_id) for goal_id in goal_ids])
    return [from_item(item) for item in items if item is not None]


def counts(user_id: str) -> dict[str, int]:
    """Return how many of a user's goals have each status; one read however many there are."""
    stored = table.get(counts_key(user_id)) or {}
    return {status: int(stored.get(f"{status}_goals", 0)) for status in STATUSES}


def answers_of(goal: Goal, *, consistent: bool = False) -> Item | None:
    """Return the answers of a goal, None when there are none; read only where there are."""
    at = answers_key(goal.owner_id, goal.goal_id)
    item = table.get(at, consistent=consistent) if goal.has_answers else None
    return None if item is None else dict(item["answers"])
