"""How people decide in a layer, and take a decision back: one transaction each, under the layer's version."""

from collections.abc import Sequence

from functions.projects import requirements
from functions.projects.delegation import authority, delegations
from functions.projects.layers import seating
from functions.projects.layers.layers import Decision, Layer
from functions.projects.milestones import submitting
from functions.projects.milestones.guards import SeparationOfDuties
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.verification import checking, deciding, outcomes, reviewing, views
from functions.projects.verification.deciding import Sent
from functions.projects.verification.refusals import DecisionNotFound, NotAnApprover, NotDelegable
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

    With `on_behalf_of` the caller decides for the seat of that user, by a delegation that is in force now.
    Raises DelegationNotInForce, VerificationNotFound, SeparationOfDuties, AlreadyDecided, SamePerson, LayerNotOpen,
    LayerClosed, NotAnApprover, NotDelegable, StepUpRequired, ChecksFailed, what `deciding.decided` refuses, and
    gates.PaymentCommitted.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        principal = None if sent.on_behalf_of == caller.user_id else sent.on_behalf_of
        given = [] if principal is None else authority.given_to(caller, principal, now)
        opened = reviewing.layer(caller, verification_id, principal=principal)
        milestone, layer, seat = opened.milestone, opened.layer, principal or caller.user_id
        by = None
        if principal is not None:
            by = authority.covering(given, sent.decision, milestone.project_id, milestone.project_milestone_id)
        _require_separate(opened)
        if deciding.earlier(layer, seat, caller.user_id, sent.decision) is not None:
            return Plan(views.layer(layer, milestone))
        deciding.require_open(layer)
        if not all(each.may_decide for each in opened.people):
            raise NotAnApprover
        if principal is not None and not layer.policy.allow_delegation:
            raise NotDelegable
        if layer.policy.require_second_factor:
            step_up.require_method(caller)
        delegation_id = None if by is None else by.delegation_id
        moment = clock.to_rfc3339(now)
        after = deciding.decided(layer, seat, caller.user_id, sent, moment, delegation_id=delegation_id)
        return planned(opened, after, now, sent.reason, [] if by is None else [delegations.still_in_force(by)])

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


def planned(opened: Opened, after: Layer, now: Instant, reason: str | None, checks: Sequence[Write]) -> Plan[View]:
    """Return the change that a decision makes, for people who are still entitled to it. Raises ChecksFailed."""
    if after.decided[-1].decision == "approve":
        after = checking.approvable(opened, after, now)
    milestone, writes = outcomes.followed(opened, after, now, reason)
    writes += [
        *[check for each in opened.people for check in reviewing.still_entitled(opened, each)],
        *checks,
        reviewing.still_primary(opened),
        requirements.still(opened.partition, opened.evidence),
        *_told("decided", after, after.decided[-1], milestone, now),
    ]
    return Plan(views.layer(after._replace(version=after.version + 1), milestone), writes)


def _told(what: str, layer: Layer, decision: Decision, milestone: ProjectMilestone, now: Instant) -> list[Write]:
    more = {"user_id": decision.user_id, "decision": decision.decision}
    more |= {} if decision.delegation_id is None else {"delegation_id": decision.delegation_id}
    return submitting.told(what, layer, milestone, now, noun="verification", more=more, reason=decision.reason)


def _require_separate(opened: Opened) -> None:
    """Require that neither who decides nor in whose place submitted, owns or proved the milestone.

    Raises SeparationOfDuties.
    """
    rule, uploaders = opened.layer.policy, frozenset(opened.evidence.uploaders)
    kept_out = seating.barred(rule, uploaders, opened.layer.submitted_by, opened.primary)
    if any(each.user_id in kept_out for each in opened.people):
        raise SeparationOfDuties
