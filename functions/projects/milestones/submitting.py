"""What becomes of the layers of a milestone when it is completed, recalled or cancelled."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from functions.projects.layers import attempt, layers, opening, seating
from functions.projects.layers.layers import Layer
from functions.projects.layers.opening import Submission
from functions.projects.milestones import happenings, milestones
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.opening import Opened
from shared import clock
from shared.clock import Instant
from shared.storage.events import Concern
from shared.storage.writes import Write


def followed(opened: Opened, after: ProjectMilestone, now: Instant) -> list[Write]:
    """Return the writes that its layers take when a milestone moves: a new attempt, or the end of one."""
    before = opened.milestone
    if after.status == "completed" and before.status != "completed":
        return _submitted(opened, after, now)
    if before.status == "completed" and after.status != "completed":
        return withdrawn(before, now)
    return []


def subject(milestone: ProjectMilestone) -> dict[str, Any]:
    """Return what is under review."""
    return {
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
    named = {"verification_id": layer.verification_id, "level": layer.level, "layer_status": layer.status}
    return happenings.happened(
        what, milestone, now, noun=noun, more={**named, **(more or {})}, reason=reason, concerns=concerns
    )


def told_opened(layer: Layer, milestone: ProjectMilestone, now: Instant) -> list[Write]:
    """Return the writes that tell of a layer which has opened; it concerns whom it asks."""
    asked = [Concern(each.person, "approver") for each in layer.people]
    return told("stalled" if layer.is_stalled else "opened", layer, milestone, now, concerns=asked)


def withdrawn(milestone: ProjectMilestone, now: Instant) -> list[Write]:
    """Return the writes that withdraw what is left of the layers of an attempt."""
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    found = layers.find_attempt(place, milestone.attempt)
    return [closed(place, each, now) for each in attempt.unfinished(found)]


def closed(partition: str, layer: Layer, now: Instant) -> Write:
    """Return the write that withdraws a layer."""
    return layers.changed(partition, layer, layer._replace(status="withdrawn", closed_at=clock.to_rfc3339(now)))


def _submitted(opened: Opened, after: ProjectMilestone, now: Instant) -> list[Write]:
    place = milestones.partition(after.tenant_id, after.project_milestone_id)
    earlier = layers.find_attempt(place, after.attempt - 1) if after.attempt > 1 else []
    people = seating.read(after.tenant_id, after.project_id, place)
    submission = Submission(
        after.tenant_id,
        after.project_id,
        after.project_milestone_id,
        after.attempt,
        after.submitted_by or opened.standing.user_id,
        None if opened.primary is None else opened.primary.user_id,
        after.verification_policy or {},
        subject(after),
    )
    new = opening.begun(submission, earlier, people, now, secrets.token_hex(16))
    writes = layers.born(place, new)
    for layer in new:
        writes += told_opened(layer, after, now) if layer.status == "open" else []
    return writes
