"""What follows when evidence expires that layers of a milestone have seen.

The layers open again, and the milestone is completed and not verified. Once it is approved, or committed to payments,
it stays what it is, and an escalation holds its payments until somebody has looked at it.
"""

from collections.abc import Sequence
from typing import Any, Final

from functions.projects import escalations, open_escalations
from functions.projects.escalation import raising
from functions.projects.layers import applicability, layers, opening, seating
from functions.projects.layers import subject as digests
from functions.projects.layers.layers import Layer
from functions.projects.milestones import commands, gates, milestones, submitting, writing
from functions.projects.milestones.commands import Step
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.opening import Opened
from functions.projects.people import owners
from functions.projects.people.access import Standing
from functions.projects.requirements import Counts
from shared import ids
from shared.clock import Instant
from shared.storage import table
from shared.storage.events import Concern
from shared.storage.writes import Write

Followed = tuple[ProjectMilestone, list[Write]]
"""A milestone as it is after that, and the writes."""

_SEEN: Final = frozenset({"completed", "verified", "approved"})
_RAISED: Final[dict[str, Any]] = {
    "severity": "high",
    "reason_code": "quality_rejection",
    "details": "Evidence has expired that the milestone was verified on.",
    "blocks_work": True,
}


def followed(milestone: ProjectMilestone, before: Counts, after: Counts, now: Instant) -> Followed:
    """Return what follows from other evidence for the layers that see it, and for those that have seen it."""
    stood = _stood(milestone, {*before.shown} - {*after.shown})
    if not stood:
        return milestone, submitting.shown(milestone, before, after, now)
    opened = _opened(milestone, after)
    if milestone.stage == "approved" or (opened.billing is not None and opened.billing["is_committed"]):
        held, writes = _escalated(opened, now)
        return held, [*writes, *submitting.shown(milestone, before, after, now)]
    return _reopened(opened, [each.verification_id for each in stood], after, now)


def _stood(milestone: ProjectMilestone, gone: set[str]) -> list[Layer]:
    """Return the required layers that were approved on evidence which is gone."""
    if not gone or milestone.verification_policy is None or milestone.stage not in _SEEN:
        return []
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    found = layers.find_attempt(place, milestone.attempt)
    return [each for each in found if each.policy.required and each.status == "approved" and gone & {*each.evidence}]


def _opened(milestone: ProjectMilestone, counts: Counts) -> Opened:
    """Return a milestone with its billing, its primary owner and its open escalations, for nobody; one call."""
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    billing_key = gates.billing_key(milestone.tenant_id, milestone.project_milestone_id)
    keys = [billing_key, owners.lock_key(place), open_escalations.key(place)]
    billing, lock, escalated = table.get_many(keys, consistent=True)
    nobody = Standing(escalations.SYSTEM, frozenset())
    held = open_escalations.of(escalated)
    return Opened(milestone, nobody, billing, owners.primary_of(lock), False, counts, held)


def _escalated(opened: Opened, now: Instant) -> Followed:
    """Return the milestone with its gate held by an escalation; one of quality that holds it stands for this, too."""
    milestone, open_ones = opened.milestone, opened.escalations
    # Another kind if need be, for one that is open may hold nothing.
    free = open_ones.free("quality")
    if free is None or open_ones.by_kind.get("quality") in milestone.held_by:
        return milestone, []
    raised = raising.new(opened, ids.new(escalations.ID, at=now), {**_RAISED, "kind": free}, now)
    return raising.held(opened, raised, now)


def _reopened(opened: Opened, stood: Sequence[str], counts: Counts, now: Instant) -> Followed:
    milestone = opened.milestone
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    before = layers.find_attempt(place, milestone.attempt)
    people = seating.read(milestone.tenant_id, milestone.project_id, place)
    primary = None if opened.primary is None else opened.primary.user_id
    waiting = [_again(each, stood, milestone, counts) for each in before]
    facts = applicability.facts(milestone, len(counts.shown))
    found = opening.opened_up(waiting, people, primary, facts, now)
    after, writes = _back(opened, now)
    for old, new in zip(before, found, strict=True):
        if new != old:
            writes += [layers.changed(place, old, new), *_told(old, new, after, now)]
    return after, writes


def _again(layer: Layer, stood: Sequence[str], milestone: ProjectMilestone, counts: Counts) -> Layer:
    """Return a layer that shows the evidence which is left: without approvals, or waiting to open again."""
    found = layer.reopened() if layer.verification_id in stood else layer
    content = digests.content(submitting.subject(milestone, counts.shown))
    shown = found.showing(content, counts.shown)
    return shown.unapproved() if shown.status == "open" else shown


def _back(opened: Opened, now: Instant) -> Followed:
    """Return the milestone as completed, or as it is while it is escalated, and the writes of that."""
    before = opened.milestone
    checks: list[Write] = [gates.require_uncommitted(before, opened.billing)]
    if before.status == "escalated":
        return before, checks
    prepared = before._replace(approved_by=())
    after, told = commands.through(before, prepared, [Step("evidence_expired", "completed")], now)
    return after, [*writing.changed(before, after), *checks, *told]


def _told(old: Layer, new: Layer, milestone: ProjectMilestone, now: Instant) -> list[Write]:
    """Return the writes that tell of a layer which has opened again, or whose people are asked again."""
    if old.status == "approved":
        told = submitting.told("reopened", new, milestone, now, concerns=[Concern(old.submitted_by, "owner")])
        return [*told, *submitting.told_opened(new, milestone, now)]
    return submitting.told_asked_again(old, new, milestone, now)
