"""How people decide in a layer, and take a decision back: one transaction each, under the layer's version."""

from functions.projects import requirements
from functions.projects.layers import seating
from functions.projects.layers.layers import Decision, Layer
from functions.projects.milestones import submitting
from functions.projects.milestones.guards import SeparationOfDuties
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.verification import deciding, outcomes, reviewing, views
from functions.projects.verification.deciding import Sent
from functions.projects.verification.refusals import DecisionNotFound, NotAnApprover
from functions.projects.verification.reviewing import Opened
from functions.projects.verification.views import View
from shared import clock
from shared.callers import step_up
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write


def decide(caller: Caller, verification_id: str, sent: Sent, *, claim: Claim | None = None) -> Answer:
    """Decide in a layer and return it; the same decision again changes nothing.

    Raises VerificationNotFound, SeparationOfDuties, AlreadyDecided, SamePerson, LayerNotOpen, LayerClosed,
    NotAnApprover, StepUpRequired, what `deciding.decided` refuses, and gates.PaymentCommitted.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = reviewing.layer(caller, verification_id)
        _require_separate(opened, caller)
        layer = opened.layer
        if deciding.earlier(layer, caller.user_id, caller.user_id, sent.decision) is not None:
            return Plan(views.layer(layer, opened.milestone))
        deciding.require_open(layer)
        if not opened.people[0].may_decide:
            raise NotAnApprover
        if layer.policy.require_second_factor:
            step_up.require_method(caller)
        after = deciding.decided(layer, caller.user_id, caller.user_id, sent, clock.to_rfc3339(now))
        return _planned(opened, after, now, sent.reason)

    return changes.make(plan, claim=claim)


def withdraw(caller: Caller, verification_id: str, *, claim: Claim | None = None) -> Answer:
    """Take back what the caller decided in an open layer, which stays readable, and return the layer.

    Raises VerificationNotFound, LayerNotOpen, LayerClosed, DecisionNotFound.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = reviewing.layer(caller, verification_id)
        deciding.require_open(opened.layer)
        after, taken = deciding.withdrawn(opened.layer, caller.user_id)
        if taken is None:
            raise DecisionNotFound
        milestone, writes = outcomes.followed(opened, after, now, None)
        writes += _told("withdrawn", after, taken, milestone, now)
        return Plan(views.layer(after._replace(version=after.version + 1), milestone), writes)

    return changes.make(plan, claim=claim)


def _planned(opened: Opened, after: Layer, now: Instant, reason: str | None) -> Plan[View]:
    milestone, writes = outcomes.followed(opened, after, now, reason)
    writes += [
        *reviewing.still_entitled(opened, opened.people[0]),
        reviewing.still_primary(opened),
        requirements.still(opened.partition, opened.evidence),
        *_told("decided", after, after.decided[-1], milestone, now),
    ]
    return Plan(views.layer(after._replace(version=after.version + 1), milestone), writes)


def _told(what: str, layer: Layer, decision: Decision, milestone: ProjectMilestone, now: Instant) -> list[Write]:
    more = {"user_id": decision.user_id, "decision": decision.decision}
    return submitting.told(what, layer, milestone, now, noun="verification", more=more, reason=decision.reason)


def _require_separate(opened: Opened, caller: Caller) -> None:
    """Require that the caller neither submitted, owns nor proved the milestone. Raises SeparationOfDuties."""
    rule, uploaders = opened.layer.policy, frozenset(opened.evidence.uploaders)
    if caller.user_id in seating.barred(rule, uploaders, opened.layer.submitted_by, opened.primary):
        raise SeparationOfDuties
