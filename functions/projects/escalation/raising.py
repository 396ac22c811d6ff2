"""How people raise an escalation of a milestone."""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.projects import escalations, open_escalations
from functions.projects.escalation import holding, levels, views
from functions.projects.escalation.views import View
from functions.projects.escalation_policies import policies
from functions.projects.escalations import Escalation
from functions.projects.milestones import happenings, milestones, opening
from functions.projects.milestones.opening import Opened
from functions.projects.people.access import RoleRequired
from functions.projects.reports import delays
from shared import clock, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write


def raise_(caller: Caller, milestone_id: str, fields: Mapping[str, Any], *, claim: Claim | None = None) -> Answer:
    """Raise an escalation of a milestone and return it.

    Raises ProjectMilestoneNotFound, RoleRequired, EscalationOpen, EscalationNotPossible.
    """
    escalation_id = ids.new(escalations.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.milestone(caller, milestone_id)
        _require_raiser(opened, fields)
        raised = new(opened, escalation_id, fields, now)
        opened.escalations.require_none(raised.kind)
        return Plan(views.escalation(raised, opened.standing), writes_of(opened, raised, now))

    return changes.make(plan, claim=claim)


def writes_of(opened: Opened, raised: Escalation, now: Instant, *, causes: Sequence[str] | None = None) -> list[Write]:
    """Return the writes of a new escalation, and of what it does to its milestone. Raises EscalationNotPossible.

    `causes` are those that are known with it, if it is raised by itself.
    """
    return held(opened, raised, now, causes=causes)[1]


def held(opened: Opened, raised: Escalation, now: Instant, *, causes: Sequence[str] | None = None) -> holding.Held:
    """Return the milestone after an escalation was raised, and the writes of both. Raises EscalationNotPossible."""
    place = milestones.partition(raised.tenant_id, raised.project_milestone_id)
    milestone, stopped = holding.raised(opened, raised, now)
    primary_id = None if opened.primary is None else opened.primary.user_id
    concerns = [Concern(each, "owner" if each == primary_id else "on_call") for each in raised.notified]
    return milestone, [
        *escalations.born(place, raised),
        open_escalations.with_one(place, opened.escalations, raised, causes),
        *stopped,
        *delays.raised(raised),
        *happenings.of_escalation("raised", raised, milestone, now, concerns=concerns),
    ]


def new(opened: Opened, escalation_id: str, fields: Mapping[str, Any], now: Instant) -> Escalation:
    """Return an escalation that is raised now, by the policy that applies to it; some two calls."""
    milestone, moment = opened.milestone, clock.to_rfc3339(now)
    policy = policies.applying(milestone.tenant_id, milestone.project_id, fields["kind"], fields["severity"])
    raised = Escalation(
        tenant_id=milestone.tenant_id,
        escalation_id=escalation_id,
        project_milestone_id=milestone.project_milestone_id,
        project_id=milestone.project_id,
        status="pending",
        raised_by=opened.standing.user_id,
        created_at=moment,
        updated_at=moment,
        due_at=moment,
        version=1,
        policy=None if policy is None else policy.copied,
        counted_in=delays.month_of(moment),
        **fields,
    )
    return levels.first(raised, opened.primary, now)


def _require_raiser(opened: Opened, fields: Mapping[str, Any]) -> None:
    """Require that the caller may raise this: viewers only look on, and who stops the work works on it.

    Raises RoleRequired.
    """
    if not opened.is_primary:
        opened.standing.require("manager", "creator", "verifier", "finance", "client")
    if fields["blocks_work"]:
        opened.require_worker()
    if fields.get("financial_impact_minor_units") is not None and not opened.standing.sees_amounts:
        raise RoleRequired("manager", "finance", "client")
