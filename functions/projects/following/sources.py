"""Milestones that follow a goal or a tracked milestone: what is heard of that, and what becomes of the milestone.

A source that is reached completes a milestone in progress, once; before the start it is kept and applied at the start.
One that falls back, or is gone, takes a milestone back that was completed or verified. Once that is approved, or its
amount is committed, it says so and is escalated instead.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from functions.projects import escalations
from functions.projects.escalation import commands as escalating
from functions.projects.escalation import raising
from functions.projects.escalation.opening import Opened as OpenedEscalation
from functions.projects.escalations import SYSTEM
from functions.projects.milestones import commands, gates, happenings, milestones, opening, transition
from functions.projects.milestones.opening import Opened
from functions.projects.milestones.transition import Status
from functions.projects.people.access import Standing
from functions.projects.sources import sources
from functions.projects.sources.sources import Source
from shared import clock, ids
from shared.callers import sources as visible
from shared.clock import Instant
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.events import Event
from shared.storage.writes import Check, Write, unchanged

UNSHARED: Final = "goals.goal.unshared"
_FOUND_AGAIN: Final = "What the milestone follows is reached again."
_KIND: Final = "quality"
"""What kind of trouble it is when a source falls back under what was approved."""

Change = Callable[[Source], Source]


class Judged(NamedTuple):
    """A source after what it does to its milestone, the writes of that, and whether the milestone moves."""

    source: Source
    writes: list[Write]
    is_moved: bool = False


def hear(tenant_id: str, source_id: str, happened: Sequence[Event]) -> None:
    """Bring the milestones that are bound to a source up to date with what happened to it."""
    for source in sources.bound_to(tenant_id, source_id):
        change = _change(source, happened)
        if change(source) != source:
            _bring(tenant_id, source.project_milestone_id, change)


def follow(tenant_id: str, milestone_id: str) -> None:
    """Apply what is known of the source of a milestone that something has happened to."""
    found = milestones.find(tenant_id, milestone_id)
    if found is not None and found.source_id is not None:
        _bring(tenant_id, milestone_id, lambda source: source)


def _change(source: Source, happened: Sequence[Event]) -> Change:
    """Return what becomes of a source by what happened to it; nothing of another that is there by then."""
    states = [each.state for each in happened if each.state is not None]
    heard = [each for each in (sources.heard(source, state) for state in states) if each is not None]
    is_closed = _is_closed(source, happened)

    def change(found: Source) -> Source:
        if (found.source_id, found.threshold, found.bound_at) != (source.source_id, source.threshold, source.bound_at):
            return found
        for each in heard:
            found = sources.told(found, each)
        return found._replace(is_gone=True) if is_closed else found

    return change


def _is_closed(source: Source, happened: Sequence[Event]) -> bool:
    """Return whether a goal is not shared any more with whoever bound a milestone to it."""
    taken = [each for each in happened if each.event_type == UNSHARED and each.data["user_id"] == source.bound_by]
    return bool(taken) and table.get(visible.share_key(source.bound_by, source.source_id), consistent=True) is None


def _bring(tenant_id: str, milestone_id: str, change: Change) -> None:
    def plan() -> Plan[None]:
        now = clock.now()
        opened = opening.by_itself(tenant_id, milestone_id)
        if opened is None or opened.source is None:
            return Plan(None)
        return Plan(None, _writes(opened, opened.source, change(opened.source), now))

    changes.make(plan)


def _writes(opened: Opened, before: Source, changed: Source, now: Instant) -> list[Write]:
    """Return the writes of a source after a change and of what that does to its milestone; none if nothing does."""
    milestone = opened.milestone
    if milestone.status == "cancelled":
        return []
    after, writes, is_moved = _BY_STATUS.get(milestone.status, _kept)(opened, changed, now)
    if after == before and not is_moved:
        return []
    stored = sources.put(before, after._replace(version=before.version + 1))
    is_told = is_moved and transition.is_allowed(milestone.status, "source_lost")
    return [stored, *([] if is_told else _told(opened, before, after, now)), *writes]


def _still(opened: Opened) -> list[Write]:
    """Return the check that a milestone stays as it is: what happens to it at this instant reads its source again."""
    milestone = opened.milestone
    place = milestones.key(milestone.tenant_id, milestone.project_milestone_id)
    return [Check(place, unchanged(milestone.version))]


def _told(opened: Opened, before: Source, after: Source, now: Instant) -> list[Write]:
    """Return the writes that tell that a source is reached, or is not any more."""
    if before.is_reached == after.is_reached:
        return []
    what = "source_reached" if after.is_reached else "source_lost"
    return happenings.happened(what, opened.milestone, now)


def _kept(opened: Opened, source: Source, _now: Instant) -> Judged:
    """Keep what is heard before the start, and of what is rejected."""
    return Judged(source._replace(is_applied=source.is_applied and source.is_reached), _still(opened))


def _stopped(opened: Opened, source: Source, _now: Instant) -> Judged:
    """Keep what is heard while nothing moves."""
    return Judged(source, _still(opened))


def _worked_on(opened: Opened, source: Source, now: Instant) -> Judged:
    """Complete what is worked on when its source is reached, once; until then its progress follows."""
    before = opened.milestone
    if source.is_reached and source.is_applied:
        return Judged(source, _still(opened))
    source = source._replace(is_applied=source.is_reached)
    if source.state not in ("open", "reached") or source.progress == before.progress < commands.DONE:
        return Judged(source, _still(opened))
    _, writes = commands.moved(opened, before._replace(progress=source.progress), "progress", now)
    return Judged(source, writes, is_moved=True)


def _submitted(opened: Opened, source: Source, now: Instant) -> Judged:
    """Take back what was submitted when its source is lost, unless its amount is committed."""
    before = opened.milestone
    if source.is_reached or not source.is_applied or gates.is_committed(opened.billing):
        return _settled(opened, source, now)
    progress = min(source.progress, commands.DONE - 1)
    again = before._replace(attempt=before.attempt + 1, progress=progress, approved_by=())
    _, writes = commands.moved(opened, again, "source_lost", now)
    uncommitted = gates.require_uncommitted(before, opened.billing)
    return Judged(source._replace(is_applied=False), [uncommitted, *writes], is_moved=True)


def _settled(opened: Opened, source: Source, now: Instant) -> Judged:
    """Say of a milestone that does not go back any more whether its source is lost, and escalate that."""
    if source.is_reached:
        found = source._replace(is_applied=True, is_lost=False, escalation_id=None)
        return Judged(found, [*_still(opened), *_resolved(opened, source.escalation_id, now)])
    if not source.is_applied or source.is_lost:
        return Judged(source, _still(opened))
    lost = source._replace(is_lost=True)
    if _KIND in opened.escalations.by_kind:
        return Judged(lost, _still(opened))
    fields = {"kind": _KIND, "severity": "high", "reason_code": "other", "blocks_work": False}
    escalation_id = ids.new(escalations.ID, at=now)
    # Nobody has raised it, so it is nobody's to close.
    raised = raising.new(opened._replace(standing=Standing(SYSTEM, frozenset())), escalation_id, fields, now)
    return Judged(lost._replace(escalation_id=escalation_id), raising.writes_of(opened, raised, now))


def _resolved(opened: Opened, escalation_id: str | None, now: Instant) -> list[Write]:
    """Return the writes that resolve the escalation of a lost source, unless somebody has."""
    if escalation_id is None or escalation_id not in opened.escalations.by_kind.values():
        return []
    milestone = opened.milestone
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    raised = escalations.find(place, [escalation_id])[0]
    found = OpenedEscalation(raised, opened)
    return escalating.writes_of(found, escalating.moved(found, "resolve", now, by=SYSTEM, reason=_FOUND_AGAIN), now)


_BY_STATUS: Final[Mapping[Status, Callable[[Opened, Source, Instant], Judged]]] = {
    "in_progress": _worked_on,
    "completed": _submitted,
    "verified": _submitted,
    "approved": _settled,
    "escalated": _stopped,
}
"""What a source does to a milestone in this status; in the others it is kept."""
