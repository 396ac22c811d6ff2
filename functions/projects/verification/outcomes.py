"""The writes of a changed layer: itself, and what follows for its milestone and the other layers of its attempt.

A layer that closes checks the others of its attempt, so that of two that close at the same instant one reads again
and sees the other.
"""

from collections.abc import Sequence

from functions.projects.layers import applicability, attempt, layers, opening, seating
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
    attempted = _opened_up(opened, after, now)
    found = attempt.standing(attempted)
    milestone, writes = opened.milestone, [changed, *_told_closed(opened, after, now, reason)]
    if (found.is_verified or found.is_rejected) and milestone.status == "escalated":
        writes += _recorded(opened, is_rejected=found.is_rejected)
    elif found.is_verified or found.is_rejected:
        milestone, moved = _moved(opened, attempted, now, reason, is_verified=found.is_verified)
        writes += moved
    return milestone, [*writes, *_beside(opened, attempted, milestone, now)]


def _opened_up(opened: Opened, after: Layer, now: Instant) -> list[Layer]:
    """Return the layers of the attempt after a change of one, with those that are due then.

    If there are any, people are read, two queries and a call.
    """
    attempted, milestone = opened.with_layer(after), opened.milestone
    if not attempt.standing(attempted).opening:
        return attempted
    people = seating.read(milestone.tenant_id, milestone.project_id, opened.partition)
    facts = applicability.facts(milestone, len(opened.evidence.shown))
    return opening.opened_up(attempted, people, opened.primary, facts, now)


def _beside(opened: Opened, attempted: Sequence[Layer], milestone: ProjectMilestone, now: Instant) -> list[Write]:
    """Return the writes of the other layers of the attempt: opened or skipped, or withdrawn with its end."""
    was, writes = {each.verification_id: each for each in opened.others}, list[Write]()
    for each in [each for each in attempted if each.verification_id in was]:
        before, is_undecided = was[each.verification_id], attempt.is_allowed(each.status, "withdraw")
        if is_undecided and milestone != opened.milestone:
            writes.append(submitting.closed(opened.partition, before, now))
        elif each != before:
            writes += [layers.changed(opened.partition, before, each), *submitting.told_opened(each, milestone, now)]
        elif is_undecided and not _is_ended(attempted):
            writes.append(layers.still(opened.partition, before))
    return writes


def _is_ended(attempted: Sequence[Layer]) -> bool:
    found = attempt.standing(attempted)
    return found.is_verified or found.is_rejected


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
