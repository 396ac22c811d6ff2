"""What becomes of the layers and the escalations of a milestone when it is completed, recalled or cancelled."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from functions.projects import escalations, open_escalations, requirements
from functions.projects.layers import applicability, attempt, layers, opening, outsiders, seating
from functions.projects.layers import subject as digests
from functions.projects.layers.layers import Layer
from functions.projects.layers.opening import Submission
from functions.projects.milestones import happenings, milestones
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.opening import Opened
from functions.projects.requirements import Counts
from shared import clock
from shared.clock import Instant
from shared.storage.events import Concern
from shared.storage.writes import Write


def followed(opened: Opened, after: ProjectMilestone, begun: Sequence[Layer], now: Instant) -> list[Write]:
    """Return the writes that follow when a milestone moves: a new attempt, the end of one, or that of escalations.

    `begun` are the layers of a new attempt.
    """
    before = opened.milestone
    if begun:
        return _submitted(opened, after, begun, now)
    ended = _escalations_closed(opened, now) if after.status == "cancelled" else []
    if before.stage == "completed" and after.stage != "completed":
        return [*withdrawn(before, now), *ended]
    return ended


def subject(milestone: ProjectMilestone, evidence: Sequence[str]) -> dict[str, Any]:
    """Return what is under review: what was agreed on the milestone, and the ids of the evidence that is there."""
    return {
        "evidence": sorted(evidence),
        "amount_minor_units": milestone.amount_minor_units,
        "currency": milestone.currency,
        "completion_criteria": [dict(each) for each in milestone.completion_criteria],
    }


def told(
    what: str,
    layer: Layer,
    milestone: ProjectMilestone,
    now: Instant,
    *,
    noun: str = "layer",
    more: Mapping[str, Any] | None = None,
    reason: str | None = None,
    concerns: Sequence[Concern] = (),
) -> list[Write]:
    """Return the writes of the event `projects.<noun>.<what>` about a layer, and of its entry in the history."""
    named = {**named_in_events(layer), **(more or {})}
    return happenings.happened(what, milestone, now, noun=noun, more=named, reason=reason, concerns=concerns)


def named_in_events(layer: Layer) -> dict[str, Any]:
    """Return what events say of a layer."""
    return {"verification_id": layer.verification_id, "level": layer.level, "layer_status": layer.status}


def told_opened(layer: Layer, milestone: ProjectMilestone, now: Instant) -> list[Write]:
    """Return the writes that tell of a layer which has opened, which concerns whom it asks, or was skipped."""
    if layer.status == "skipped":
        return told("skipped", layer, milestone, now)
    if layer.status != "open":
        return []
    asked = concerned(each.person for each in layer.people if each.person not in layer.untold)
    return told("stalled" if layer.is_stalled else "opened", layer, milestone, now, concerns=asked)


def told_asked_again(before: Layer, after: Layer, milestone: ProjectMilestone, now: Instant) -> list[Write]:
    """Return the writes that tell those whose approvals of a layer were withdrawn; none if there are none."""
    asked = {each.user_id for each in before.counting} - {each.user_id for each in after.counting}
    if not asked:
        return []
    concerns = concerned(sorted(asked - {*after.untold}))
    return told("asked_again", after, milestone, now, concerns=concerns)


def concerned(people: Iterable[str]) -> list[Concern]:
    """Return whom an event concerns as approvers; people from outside are told by mail alone."""
    return [Concern(each, "approver") for each in people if not outsiders.is_outside(each)]


def withdrawn(milestone: ProjectMilestone, now: Instant) -> list[Write]:
    """Return the writes that withdraw what is left of the layers of an attempt."""
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    found = layers.find_attempt(place, milestone.attempt)
    return [closed(place, each, now) for each in attempt.unfinished(found)]


def shown(milestone: ProjectMilestone, before: Counts, after: Counts, now: Instant) -> list[Write]:
    """Return the writes by which the layers of a milestone under review show other evidence than before.

    Approvals of open layers are withdrawn; where the policy keeps them, only if evidence is gone. No layer changes at
    the same time, so a decision sees the evidence, or is withdrawn.
    """
    if milestone.stage != "completed" or [*before.shown] == [*after.shown]:
        return []
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    content = digests.content(subject(milestone, after.shown))
    is_less = not {*before.shown} <= {*after.shown}
    writes: list[Write] = []
    for layer in attempt.unfinished(layers.find_attempt(place, milestone.attempt)):
        new = layer.showing(content, after.shown)
        if is_less or not layer.policy.keep_approvals:
            new = new.unapproved()
        writes.append(layers.changed(place, layer, new))
        writes += told_asked_again(layer, new, milestone, now)
    return writes


def closed(partition: str, layer: Layer, now: Instant) -> Write:
    """Return the write that withdraws a layer."""
    return layers.changed(partition, layer, layer._replace(status="withdrawn", closed_at=clock.to_rfc3339(now)))


def begun(opened: Opened, submitted: ProjectMilestone, now: Instant) -> list[Layer]:
    """Return the layers of the attempt that begins when a milestone is submitted; none without a policy."""
    if not submitted.verification_policy:
        return []
    place = milestones.partition(submitted.tenant_id, submitted.project_milestone_id)
    earlier = layers.find_attempt(place, submitted.attempt - 1) if submitted.attempt > 1 else []
    people = seating.read(submitted.tenant_id, submitted.project_id, place)
    submission = Submission(
        submitted.tenant_id,
        submitted.project_id,
        submitted.project_milestone_id,
        submitted.attempt,
        submitted.submitted_by or opened.standing.user_id,
        None if opened.primary is None else opened.primary.user_id,
        submitted.verification_policy,
        subject(submitted, opened.counts.shown),
        applicability.facts(submitted, len(opened.counts.shown)),
    )
    return opening.begun(submission, earlier, people, now, secrets.token_hex(16))


def _submitted(opened: Opened, after: ProjectMilestone, begun: Sequence[Layer], now: Instant) -> list[Write]:
    place = milestones.partition(after.tenant_id, after.project_milestone_id)
    # Evidence that comes at this instant reads the milestone again, or is read by this.
    writes = [*layers.born(place, begun), requirements.still(place, opened.counts)]
    for layer in begun:
        writes += told_opened(layer, after, now)
    return writes


def _escalations_closed(opened: Opened, now: Instant) -> list[Write]:
    """Return the writes that close the open escalations of a milestone, and hold that no other is raised meanwhile."""
    found, moment = opened.milestone, clock.to_rfc3339(now)
    place = milestones.partition(found.tenant_id, found.project_milestone_id)
    if not opened.escalations.by_kind:
        return [open_escalations.still(place, opened.escalations)]
    writes: list[Write] = [open_escalations.with_none(place, opened.escalations)]
    for before in escalations.find(place, [*opened.escalations.by_kind.values()]):
        after = before._replace(status="closed", ended_at=moment, updated_at=moment, version=before.version + 1)
        writes += [escalations.changed(place, before, after), *happenings.of_escalation("closed", after, found, now)]
    return writes
