"""What is known of the other half of a milestone (`sync.py`), as it is stored with the record."""

from decimal import Decimal
from typing import Any

from functions.milestones.sync import Lease, Sync, is_unknown
from shared import clock
from shared.clock import Instant
from shared.storage import records
from shared.storage.attributes import Item

_INSTANTS = ("heard_at", "next_attempt_at", "tried_at", "late_until")
_NUMBERS = ("first_target", "known_target")


def to_attributes(sync: Sync) -> Item:
    """Return the attributes of a sync; what is not known is left out."""
    held: dict[str, Any] = sync._asdict()
    for name in _INSTANTS:
        held[name] = _text(held[name])
    for name in _NUMBERS:
        held[name] = None if held[name] is None else str(held[name])
    held["late_targets"] = [str(each) for each in sync.late_targets]
    held["lease"] = None if sync.lease is None else _lease_item(sync.lease)
    # It stands beside the sync, where a version that does not know it passes it over.
    del held["may_exist"]
    return {name: value for name, value in held.items() if value not in (None, [])}


def from_attributes(item: Item, *, may_exist: bool | None) -> Sync:
    """Return the sync of its attributes. `may_exist` is None for a record that was written before there was that."""
    found: dict[str, Any] = dict(item)
    for name in _INSTANTS:
        found[name] = clock.from_stored(item[name]) if name in item else None
    for name in _NUMBERS:
        found[name] = Decimal(item[name]) if name in item else None
    found["late_targets"] = tuple(Decimal(each) for each in item.get("late_targets", ()))
    found["lease"] = _lease(item["lease"]) if "lease" in item else None
    sync = records.from_item(Sync, found)
    return sync._replace(may_exist=_was_tried(sync) if may_exist is None else may_exist)


def _was_tried(sync: Sync) -> bool:
    """Return whether a creation may have been sent without an answer: it failed before, and nobody kept how."""
    return is_unknown(sync) and (sync.attempts > 0 or sync.state in ("failed", "refused"))


def _lease_item(lease: Lease) -> Item:
    target = {} if lease.target is None else {"target": str(lease.target)}
    return {"token": lease.token, "until": clock.to_rfc3339(lease.until), **target}


def _lease(item: Item) -> Lease:
    target = Decimal(item["target"]) if "target" in item else None
    return Lease(item["token"], clock.from_stored(item["until"]), target)


def _text(instant: Instant | None) -> str | None:
    return None if instant is None else clock.to_rfc3339(instant)
