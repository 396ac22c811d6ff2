"""The writes of a changed layer: itself, and what follows for its milestone and the other layers of its attempt.

A layer that closes checks the others of its attempt, so that of two that close at the same instant one reads again
and sees the other.
"""

from collections.abc import Sequence

from functions.projects.layers import attempt, layers, opening, seating
from functions.projects.layers.layers import Layer
from functions.projects.milestones import commands, gates, submitting, writing
from functions.projects.milestones.commands import Step
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.ownership import seats
from functions.projects.verification.reviewing import Opened
from shared.clock import Instant
from shared.storage.events import Concern
from shared.storage.writes import Write


def followed(opened: Opened, after: Layer, now: Instant, reason: str | None) -> tuple[ProjectMilestone, list[Write]]:
    """Return the milestone after a change of a layer, and the writes of everything that follows from it."""
    changed = layers.changed(opened.partition, opened.layer, after)
    if after.status == opened.layer.status:
        return opened.milestone, [changed]
    attempted = opened.with_layer(after)
    found = attempt.standing(attempted)
    others = [each for each in opened.others if attempt.is_allowed(each.status, "withdraw")]
    closing = _told_closed(opened, after, now, reason)
    if (found.is_verified or found.is_rejected) and opened.milestone.status == "escalated":
        return opened.milestone, [changed, *closing, *_recorded(opened, is_rejected=found.is_rejected)]
    if found.is_verified or found.is_rejected:
        milestone, moved = _moved(opened, attempted, now, reason, is_verified=found.is_verified)
        return milestone, [
            changed,
            *closing,
            *moved,
            *[submitting.closed(opened.partition, each, now) for each in others],
        ]
    opening_now = [each.verification_id for each in found.opening]
    writes = [layers.still(opened.partition, each) for each in others if each.verification_id not in opening_now]
    return opened.milestone, [changed, *closing, *writes, *_opened(opened, found.opening, now)]


def _recorded(opened: Opened, *, is_rejected: bool) -> list[Write]:
    """Return the checks of an attempt that ends while its milestone is escalated, which follows when that is over."""
    milestone = opened.milestone
    still = seats.still_open(milestone)
    return [still, gates.require_uncommitted(milestone, opened.of.billing)] if is_rejected else [still]


def _told_closed(opened: Opened, after: Layer, now: Instant, reason: str | None) -> list[Write]:
    concerns = [Concern(after.submitted_by, "owner")]
    return submitting.told(after.status, after, opened.milestone, now, reason=reason, concerns=concerns)


def _moved(
    opened: Opened, attempted: Sequence[Layer], now: Instant, reason: str | None, *, is_verified: bool
) -> tuple[ProjectMilestone, list[Write]]:
    """Return the milestone as the end of an attempt makes it, and the writes of that."""
    before = opened.milestone
    steps = commands.verified(before) if is_verified else [Step("layer_rejected", "rejected", reason)]
    checks = [] if is_verified else [gates.require_uncommitted(before, opened.of.billing)]
    prepared = before._replace(approved_by=attempt.approvers(attempted) if is_verified else ())
    after, told = commands.through(before, prepared, steps, now)
    return after, [*writing.changed(before, after), *checks, *told]


def _opened(opened: Opened, due: Sequence[Layer], now: Instant) -> list[Write]:
    """Return the writes that open the next layers; their people are read, two queries and a call."""
    if not due:
        return []
    milestone = opened.milestone
    people = seating.read(milestone.tenant_id, milestone.project_id, opened.partition)
    writes: list[Write] = []
    for before in due:
        after = opening.opened(before, people, opened.primary, now)
        writes += [layers.changed(opened.partition, before, after), *submitting.told_opened(after, milestone, now)]
    return writes
