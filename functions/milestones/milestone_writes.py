"""The writes that bring a milestone into being, to its next version, or to its end, with all that follows from it."""

from functions.milestones.happenings import happened
from functions.milestones.milestones import Milestone, entry_key, key, to_entry, to_item
from shared.clock import Instant
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged


def born(milestone: Milestone) -> list[Write]:
    """Return the writes that bring a milestone into being."""
    event = happened("created", milestone, milestone.created_at)
    return [Put(to_item(milestone), ABSENT), Put(to_entry(milestone)), event]


def changed(before: Milestone, after: Milestone, at: Instant) -> list[Write]:
    """Return the writes that bring a milestone to its next version, with all that follows from it.

    What concerns the evaluator only is no event, and does not make the milestone another one than it was.
    """
    moved = [name for name in ("status", "target", "current_value", "depends_on") if _differ(before, after, name)]
    after = after._replace(version=before.version + 1, updated_at=at if moved else before.updated_at)
    writes: list[Write] = [Put(to_item(after), unchanged(before.version))]
    if not moved or after.deleted_at is not None:
        return writes
    ended = after.status in {"completed", "missed"} and after.status != before.status
    what = after.status if ended else "updated"
    return [*writes, Put(to_entry(after)), happened(what, after, at)]


def deleted(before: Milestone, after: Milestone, at: Instant) -> list[Write]:
    """Return the writes that delete a milestone for every reader; `after` stays as long as the evaluator has it."""
    event = happened("deleted", _gone(before, at), at)
    return [*changed(before, after._replace(deleted_at=at), at), Delete(entry_key(before)), event]


def removed_here(milestone: Milestone, at: Instant) -> list[Write]:
    """Return the writes that delete a milestone of which nothing stays."""
    return [*removed(milestone), Delete(entry_key(milestone)), happened("deleted", _gone(milestone, at), at)]


def removed(milestone: Milestone) -> list[Write]:
    """Return the writes that remove what is left of a milestone."""
    return [Delete(key(milestone.tenant_id, milestone.milestone_uid), unchanged(milestone.version))]


def _gone(before: Milestone, at: Instant) -> Milestone:
    return before._replace(deleted_at=at, version=before.version + 1)


def _differ(before: Milestone, after: Milestone, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))
