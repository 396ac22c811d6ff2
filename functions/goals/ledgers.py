"""A ledger (`progress.py`) as the goal item stores it."""

from typing import Any

from functions.goals.progress import Ledger
from shared import clock
from shared.clock import Instant
from shared.storage.attributes import Item


def to_attributes(ledger: Ledger) -> Item:
    """Return the attributes of a ledger; what is not there takes no room."""
    optional: dict[str, Any] = {
        "end_at": _text(ledger.end),
        "fixed": None if ledger.fixed is None else list(ledger.fixed),
    }
    return {
        "start_at": clock.to_rfc3339(ledger.start),
        "task_share": ledger.task_share,
        "done_weight": ledger.done_weight,
        "counted_weight": ledger.counted_weight,
        "completed_tasks": ledger.completed_tasks,
        "total_tasks": ledger.total_tasks,
        "since": [_text(instant) for instant in ledger.since],
        "first": [_text(instant) for instant in ledger.first],
        "changed_at": clock.to_rfc3339(ledger.changed_at),
        **{name: value for name, value in optional.items() if value is not None},
    }


def from_attributes(item: Item) -> Ledger:
    """Return the ledger of a goal item."""
    fixed = item.get("fixed")
    return Ledger(
        start=clock.from_stored(item["start_at"]),
        end=_instant(item.get("end_at")),
        task_share=item["task_share"],
        changed_at=clock.from_stored(item["changed_at"]),
        done_weight=item["done_weight"],
        counted_weight=item["counted_weight"],
        completed_tasks=item["completed_tasks"],
        total_tasks=item["total_tasks"],
        fixed=None if fixed is None else (fixed[0], fixed[1]),
        since=tuple([_instant(text) for text in item["since"]]),
        first=tuple([_instant(text) for text in item["first"]]),
    )


def _text(instant: Instant | None) -> str | None:
    return None if instant is None else clock.to_rfc3339(instant)


def _instant(text: str | None) -> Instant | None:
    return None if text is None else clock.from_stored(text)
