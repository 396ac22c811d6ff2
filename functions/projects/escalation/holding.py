"""What escalations that block work do to their milestone: the first stops it, and after the last it goes on.

Both are in the transaction of the escalation, with the gate, which is closed as long as one is open.
"""

from collections.abc import Sequence

from functions.projects import projects, requirements
from functions.projects.escalations import Escalation
from functions.projects.layers import attempt, checks, clocks, layers
from functions.projects.layers.checks import Result
from functions.projects.layers.layers import Layer
from functions.projects.milestones import commands, gates, happenings, milestones, submitting, transition, writing
from functions.projects.milestones.commands import Step
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.opening import Opened
from shared import clock
from shared.calendars.business_hours import Hours
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage.writes import Check, Condition, Write

_MAY_BE = Condition("#status <> :cancelled", {"#status": "status"}, {":cancelled": "cancelled"})

Held = tuple[ProjectMilestone, list[Write]]
"""A milestone as an escalation leaves it, and the writes of that."""
Judged = tuple[list[Step], list[Write], Sequence[str]]
"""What follows once no escalation holds a milestone: transitions, the writes of that, and who has approved it."""


class EscalationNotPossible(Conflict):
    """409: nobody works on a cancelled milestone any more."""

    def __init__(self) -> None:
        super().__init__("The milestone is cancelled. It cannot be escalated.")


def raised(opened: Opened, escalation: Escalation, now: Instant) -> Held:
    """Return the milestone after an escalation of it was raised. Raises EscalationNotPossible."""
    before = opened.milestone
    if before.status == "cancelled":
        raise EscalationNotPossible
    if not escalation.blocks_work:
        return before, [Check(milestones.key(before.tenant_id, before.project_milestone_id), _MAY_BE)]
    held = _holding(before, escalation)
    if not transition.is_allowed(before.status, "escalate"):
        return _updated(before, held, now)
    after, told = commands.through(before, held, [Step("escalate", "escalated")], now)
    return after, [*writing.changed(before, after), *told]


def ended(opened: Opened, escalation: Escalation, now: Instant) -> Held:
    """Return the milestone after an escalation of it is over. Raises gates.PaymentCommitted."""
    before = opened.milestone
    if escalation.escalation_id not in before.held_by:
        return before, []
    freed = _freed(before, escalation)
    if freed.held_by or before.escalated_from is None:
        return _updated(before, freed, now)
    steps, more, approved_by = _judged(opened, now) if before.stage == "completed" else _proved(opened, freed)
    cleared = Step("cleared", before.escalated_from)
    freed = freed._replace(approved_by=approved_by)
    after, told = commands.through(before, freed, [cleared, *steps], now)
    return after, [*writing.changed(before, after), *more, *told]


def _holding(before: ProjectMilestone, escalation: Escalation) -> ProjectMilestone:
    """Return a milestone that an escalation holds; one about a payment keeps others back than that one."""
    held_for = {**before.held_for}
    if escalation.trigger == "failed_payment" and escalation.trigger_id is not None:
        held_for[escalation.escalation_id] = escalation.trigger_id
    return before._replace(held_by=[*before.held_by, escalation.escalation_id], held_for=held_for)


def _freed(before: ProjectMilestone, escalation: Escalation) -> ProjectMilestone:
    """Return a milestone that an escalation holds no more."""
    over = escalation.escalation_id
    held_for = {each: payment for each, payment in before.held_for.items() if each != over}
    return before._replace(held_by=[each for each in before.held_by if each != over], held_for=held_for)


def _updated(before: ProjectMilestone, after: ProjectMilestone, now: Instant) -> Held:
    changed = after._replace(version=before.version + 1, updated_at=clock.to_rfc3339(now))
    return changed, [*writing.changed(before, changed), *happenings.happened("updated", changed, now)]


def _proved(opened: Opened, freed: ProjectMilestone) -> Judged:
    """Return the transitions of a milestone whose last evidence has come meanwhile, and the checks of that."""
    if freed.stage != "in_progress" or not freed.evidence_requirements:
        return [], [], freed.approved_by
    place = milestones.partition(freed.tenant_id, freed.project_milestone_id)
    # Evidence that comes at this instant reads the milestone again, or is read by this one.
    checks: list[Write] = [requirements.still(place, opened.counts)]
    steps = commands.steps_of(freed, "complete", None, is_complete=True)
    return (steps if commands.is_proved(freed, opened.counts) else []), checks, freed.approved_by


def _judged(opened: Opened, now: Instant) -> Judged:
    """Return the transitions that the layers of a completed milestone have decided on meanwhile, and their writes.

    The last value is who has approved, if that has verified it.
    """
    milestone = opened.milestone
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    found = layers.find_attempt(place, milestone.attempt)
    standing = attempt.standing(found)
    if not standing.is_verified and not standing.is_rejected:
        # A layer that closes at this instant reads the milestone again, or is read by this one.
        return [], _resumed(milestone, found, now), ()
    unfinished = attempt.unfinished(found)
    writes: list[Write] = [submitting.closed(place, each, now) for each in unfinished]
    writes += [layers.still(place, each) for each in found if each not in unfinished]
    if standing.is_verified:
        return commands.verified(milestone), writes, attempt.approvers(found)
    writes.append(gates.require_uncommitted(milestone, opened.billing))
    return [Step("layer_rejected", "rejected", _reason(found))], writes, ()


def _resumed(milestone: ProjectMilestone, found: list[Layer], now: Instant) -> list[Write]:
    """Return the writes by which the hours of open layers go on, and the checks of the others."""
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    paused = clock.from_stored(milestone.moments["escalated_at"])
    is_business = any(each.policy.calendar == "business" for each in found)
    hours = _hours(milestone) if is_business else None
    return [
        layers.changed(place, each, clocks.resumed(each, hours, paused, now))
        if each.status == "open"
        else layers.still(place, each)
        for each in found
    ]


def _hours(milestone: ProjectMilestone) -> Hours | None:
    project = projects.find(milestone.tenant_id, milestone.project_id)
    return None if project is None else project.hours


def _reason(found: list[Layer]) -> str | None:
    """Return why a layer that had to approve has rejected."""
    rejecting = [each for each in found if each.policy.required and each.status == "rejected"]
    reasons = [each.reason for layer in rejecting for each in layer.counting if each.decision == "reject"]
    reasons += [checks.failed([Result(**each) for each in layer.checks]) for layer in rejecting if layer.checks]
    return reasons[-1] if reasons else None
