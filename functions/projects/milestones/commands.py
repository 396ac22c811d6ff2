"""What people let happen to a milestone by its table of transitions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.projects import requirements
from functions.projects.dependencies import dependencies
from functions.projects.dependencies.dependencies import BEFORE_FINISH
from functions.projects.layers import attempt
from functions.projects.layers.layers import Layer
from functions.projects.milestones import (
    guards,
    happenings,
    milestones,
    opening,
    progress,
    submitting,
    transition,
    views,
    writing,
)
from functions.projects.milestones.guards import Guarded
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.opening import Opened
from functions.projects.milestones.transition import Event, Status
from functions.projects.milestones.views import View
from functions.projects.requirements import Counts
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

TOLD: Final[Mapping[Event, str]] = {
    "activate": "activated",
    "dependencies_satisfied": "unblocked",
    "dependencies_reopened": "blocked",
    "start": "started",
    "progress": "progressed",
    "complete": "completed",
    "recall": "recalled",
    "layers_approved": "verified",
    "layer_rejected": "rejected",
    "accept": "approved",
    "reject": "rejected",
    "rework": "reworked",
    "evidence_expired": "reopened",
    "source_lost": "source_lost",
    "escalate": "escalated",
    "cleared": "cleared",
    "cancel": "cancelled",
}
"""What the events are called that tell of a transition."""

DONE: Final = 100
"""The progress of what is complete, in percent."""
_BEGINNING: Final = frozenset[Event]({"activate", "rework", "source_lost"})


Guard = Callable[[Opened], Guarded]
"""What must hold before an event happens to a milestone, and what the milestone is with it."""


class Step(NamedTuple):
    """A transition that is to happen: to which status, and with what besides."""

    event: Event
    after: Status
    reason: str | None = None


def advance(
    caller: Caller,
    milestone_id: str,
    event: Event,
    *,
    if_match: str | None,
    reason: str | None = None,
    claim: Claim | None = None,
) -> Answer:
    """Let an event of people happen to a milestone and return it as it is after that.

    Raises ProjectMilestoneNotFound, RoleRequired, versions.VersionChanged, TransitionNotAllowed, and what guards the
    event.
    """

    def guarded(opened: Opened) -> Guarded:
        return guards.GUARDS[event](opened)

    answer: Answer = _moved(caller, milestone_id, event, guarded, if_match=if_match, reason=reason, claim=claim)
    return answer


def set_progress(caller: Caller, milestone_id: str, percent: int, *, if_match: str | None) -> View:
    """Set the progress of a milestone and return it; at 100 it is completed, unless criteria are open.

    Raises as `advance`, and ProgressDerived, ProgressDecreased.
    """

    view: View = _moved(caller, milestone_id, "progress", progressed(percent), if_match=if_match)
    return view


def progressed(percent: int) -> Guard:
    """Return the guard of progress that people set."""

    def guarded(opened: Opened) -> Guarded:
        opened.require_worker()
        found = opened.milestone
        if found.progress_source != "manual":
            raise guards.ProgressDerived(found.progress_source)
        if percent < found.progress and not found.allow_decrease:
            raise guards.ProgressDecreased(found.progress)
        return Guarded(found._replace(progress=percent), [])

    return guarded


def happening(
    opened: Opened, event: Event, guarded: Guard, now: Instant, *, reason: str | None = None
) -> tuple[ProjectMilestone, list[Write]]:
    """Return a milestone after an event of people, and the writes of that. Raises as `advance`."""
    if not transition.is_allowed(opened.milestone.status, event):
        raise guards.TransitionNotAllowed(opened.milestone.status, event)
    prepared, checks, after_event = guarded(opened)
    after, writes = moved(opened, prepared, event, now, reason=reason, after_event=after_event)
    return after, [*writes, *checks]


def check(caller: Caller, milestone_id: str, key: str, *, is_met: bool, if_match: str | None) -> View:
    """Say whether a criterion is met and return the milestone; with the last one it may be completed.

    Raises as `advance`, and CriterionNotFound.
    """

    def guarded(opened: Opened) -> Guarded:
        opened.require_worker()
        found = opened.milestone
        if key not in [each["key"] for each in found.completion_criteria]:
            raise guards.CriterionNotFound
        criteria = [
            {**each, "is_met": is_met} if each["key"] == key else {**each} for each in found.completion_criteria
        ]
        return Guarded(progress.followed(found._replace(completion_criteria=criteria)), [])

    view: View = _moved(caller, milestone_id, "progress", guarded, if_match=if_match)
    return view


def _moved(
    caller: Caller,
    milestone_id: str,
    event: Event,
    guarded: Guard,
    *,
    if_match: str | None,
    reason: str | None = None,
    claim: Claim | None = None,
) -> Any:
    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.milestone(caller, milestone_id)
        versions.require(if_match, opened.milestone.version)
        after, writes = happening(opened, event, guarded, now, reason=reason)
        return Plan(views.milestone(after, opened, now), writes)

    return changes.make(plan, claim=claim)


def moved(
    opened: Opened,
    prepared: ProjectMilestone,
    event: Event,
    now: Instant,
    *,
    reason: str | None = None,
    after_event: Status | None = None,
) -> tuple[ProjectMilestone, list[Write]]:
    """Return a milestone after an event and what follows from it, submitted by whom it was opened for; and the writes.

    `after_event` is the status after the event itself where it has several.
    """
    before, checks = opened.milestone, list[Write]()
    steps = steps_of(prepared, event, reason, is_complete=not opened.blocked_by(prepared))
    if after_event is not None:
        steps = [steps[0]._replace(after=after_event), *steps[1:]]
    begun: Sequence[Layer] = ()
    if "complete" in [step.event for step in steps]:
        prepared = prepared._replace(submitted_by=opened.standing.user_id, is_blocked=False)
        checks += opened.still(BEFORE_FINISH)
        begun = submitting.begun(opened, prepared, now)
        if begun and attempt.standing(begun).is_verified:
            prepared, steps = prepared._replace(approved_by=attempt.approvers(begun)), [*steps, *verified(prepared)]
    after, told = through(before, prepared, steps, now)
    # A new attempt checks the same.
    if prepared.evidence_requirements and prepared.progress == DONE and not begun:
        # Whoever brings the last evidence at this instant reads the milestone again, or is read by this one.
        place = milestones.partition(before.tenant_id, before.project_milestone_id)
        checks.append(requirements.still(place, opened.counts))
    return after, [*writing.changed(before, after), *checks, *told, *submitting.followed(opened, after, begun, now)]


def steps_of(prepared: ProjectMilestone, event: Event, reason: str | None, *, is_complete: bool) -> list[Step]:
    """Return the transitions that follow from an event: completion leads on as far as nobody has to be asked.

    `is_complete`: no criterion and no dependency is open, and no evidence is missing.
    """
    if event == "progress":
        is_done = prepared.progress == DONE and is_complete
        return [Step("progress", "in_progress"), *(_completion(prepared) if is_done else [])]
    if event == "complete":
        return _completion(prepared)
    step = Step(event, transition.TRANSITIONS[event].after[0], reason)
    # An escalation of a draft, a verified or a rejected milestone stops it as soon as somebody may work on it.
    return [step, Step("escalate", "escalated")] if event in _BEGINNING and prepared.held_by else [step]


def is_proved(milestone: ProjectMilestone, counts: Counts) -> bool:
    """Return whether evidence was all that kept a milestone at 100 % from being complete, and now it is there.

    One with layers is completed by people, for whoever submits it opens them; so is one that waits for others.
    """
    wanted, waiting_for = milestone.evidence_requirements, dependencies.of(milestone.dependencies)
    if not wanted or milestone.verification_policy or any(each.type in BEFORE_FINISH for each in waiting_for):
        return False
    is_done = milestone.progress == DONE and not milestone.open_criteria
    return is_done and not requirements.missing(wanted, counts)


def _completion(prepared: ProjectMilestone) -> list[Step]:
    followed = [] if prepared.verification_policy else verified(prepared)
    return [Step("complete", "completed"), *followed]


def verified(milestone: ProjectMilestone) -> list[Step]:
    """Return the transitions of a milestone whose layers are approved; without an acceptance it is approved, too."""
    accepted = [Step("accept", "approved")] if milestone.acceptance == "none" else []
    return [Step("layers_approved", "verified"), *accepted]


def through(
    before: ProjectMilestone, prepared: ProjectMilestone, steps: list[Step], now: Instant
) -> tuple[ProjectMilestone, list[Write]]:
    """Return the milestone after the steps, each of which is a version of it, and the writes that tell of them."""
    moment = clock.to_rfc3339(now)
    found, told = prepared, list[Write]()
    for number, step in enumerate(steps, 1):
        what, earlier = TOLD[step.event], found.status
        moments = {**found.moments} if step.event == "progress" else {**found.moments, f"{what}_at": moment}
        found = found._replace(
            status=step.after,
            version=before.version + number,
            updated_at=moment,
            moments=moments,
            reason=step.reason or found.reason,
            escalated_from=_escalated_from(found, step.event),
        )
        told += happenings.happened(what, found, now, before=earlier, reason=step.reason)
    return found, told


def _escalated_from(found: ProjectMilestone, event: Event) -> Status | None:
    if event == "escalate":
        return found.status
    return None if event in ("cleared", "cancel") else found.escalated_from
