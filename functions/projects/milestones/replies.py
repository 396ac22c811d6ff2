"""What callers are answered about milestones of a project."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from functions.projects.layers.shapes import VerificationPolicySent
from functions.projects.replies import MOMENT, PROJECT_ID, USER_ID, answered
from shared.api.reference import Problem

MILESTONE_ID = "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H"

_ENTRY: dict[str, Any] = {
    "project_milestone_id": MILESTONE_ID,
    "project_id": PROJECT_ID,
    "title": "Mill assembled",
    "kind": "deliverable",
    "priority": "medium",
    "status": "in_progress",
    "progress": 60,
    "weight": 1,
    "version": 4,
    "start_on": None,
    "due_on": "2027-03-31",
    "is_blocked": False,
    "parent_id": None,
    "primary_owner_id": USER_ID,
}
_CRITERION = {"key": "drawings", "text": "Drawings are signed", "is_met": False}
_MILESTONE: dict[str, Any] = _ENTRY | {
    "attempt": 1,
    "created_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "description": "",
    "amount_minor_units": 250000,
    "currency": "EUR",
    "estimated_hours": 120,
    "actual_hours": 70,
    "progress_source": "goal",
    "source_id": "goal_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "source_threshold": 75,
    "source_state": "open",
    "is_source_lost": False,
    "allow_decrease": False,
    "rework_progress": 90,
    "completion_criteria": [_CRITERION],
    "evidence_requirements": [{"key": "drawings", "title": "Signed drawings", "at_least": 1, "wanted": "verified"}],
    "acceptance": "client",
    "verification_policy": None,
    "submitted_by": None,
    "tags": ["hardware"],
    "metadata": {},
    "custom_fields": {"Purchase order": "PO 4711"},
    "notes": "",
    "internal_notes": "",
    "reason": None,
    "held_by": [],
    "escalated_from": None,
    "activated_at": MOMENT,
    "started_at": MOMENT,
    "completed_at": None,
    "verified_at": None,
    "rejected_at": None,
    "approved_at": None,
    "cancelled_at": None,
    "completion_blocked_by": [],
    "open_dependencies": [],
    "is_overdue": False,
    "is_at_risk": True,
    "risks": ["behind"],
    "allowed": ["progress", "complete", "cancel"],
}
_HAPPENED: dict[str, Any] = {
    "event_id": "evt_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "event_type": "projects.milestone.started",
    "at": MOMENT,
    "by": {"kind": "user", "id": USER_ID},
    "status_before": "active",
    "status": "in_progress",
    "attempt": 1,
    "version": 3,
    "user_id": None,
    "team_id": None,
    "role": None,
    "verification_id": None,
    "evidence_id": None,
    "escalation_id": None,
    "comment_id": None,
    "reason": None,
}


class OpenDependency(BaseModel):
    """A milestone that another waits for, and why."""

    from_id: str
    reason: str = Field(description="`not_finished`, `not_verified`, `not_paid`, `not_started`, `lag`, and such.")


class TransitionProblem(Problem):
    """What every refusal answers (RFC 9457); `TransitionNotAllowed` and `CriteriaOpen` say more."""

    from_: Annotated[str | None, Field(alias="from", description="The status of the milestone.")] = None
    event: Annotated[str | None, Field(description="What was asked for.")] = None
    allowed: Annotated[list[str] | None, Field(description="The events that the status takes.")] = None
    completion_blocked_by: Annotated[
        list[str] | None, Field(description="Keys of criteria not met, `evidence:<key>` of missing evidence.")
    ] = None
    open_dependencies: Annotated[
        list[OpenDependency] | None, Field(description="What the milestone waits for, and why.")
    ] = None


class DependantsProblem(Problem):
    """What every refusal answers (RFC 9457); `DependantsExist` says more."""

    dependants: Annotated[list[str] | None, Field(description="The milestones that depend on this one.")] = None


class CycleProblem(Problem):
    """What every refusal answers (RFC 9457); `DependencyCycle` says more."""

    path: Annotated[
        list[str] | None, Field(description="The cycle; each milestone in it depends on the one before.")
    ] = None


class PlanEntry(BaseModel):
    """A milestone in a list."""

    model_config = answered(_ENTRY)

    project_milestone_id: str
    project_id: str
    title: str
    kind: str
    priority: str
    status: str = Field(description="A status of docs/projects.md.")
    progress: int = Field(description="In percent.")
    weight: int
    version: int = Field(description="How often it was changed, for `If-Match`.")
    start_on: str | None
    due_on: str | None
    is_blocked: bool = Field(description="Whether something that it depends on keeps it from going on.")
    parent_id: str | None = Field(description="The milestone that it is part of.")
    primary_owner_id: str | None = Field(description="Whether or not they have accepted.")


class PlanEntries(BaseModel):
    """A page of milestones."""

    model_config = answered({"items": [_ENTRY], "next_cursor": None})

    items: list[PlanEntry]
    next_cursor: str | None


class Criterion(BaseModel):
    """What must be true before a milestone is complete."""

    key: str
    text: str
    is_met: bool


class EvidenceRequirement(BaseModel):
    """Evidence that must be there before a milestone is complete."""

    key: str
    title: str
    at_least: int
    wanted: str = Field(description="`uploaded` or `verified`: when a piece of it counts.")


class ProjectMilestone(PlanEntry):
    """A milestone of a project."""

    model_config = answered(_MILESTONE)

    attempt: int = Field(description="Grows when it is worked on again after a rejection.")
    created_by: str
    created_at: str
    updated_at: str
    description: str
    amount_minor_units: int | None = Field(description="For managers, finance and clients of the project.")
    currency: str | None = Field(description="ISO 4217, with an amount.")
    estimated_hours: int | None
    actual_hours: int | None
    progress_source: str = Field(description="`manual`, `checklist`, `hours`, `children`, `goal`, or `kpi`.")
    source_id: str | None = Field(description="The goal or the tracked milestone that it is bound to.")
    source_threshold: int | None
    source_state: str | None = Field(description="`asked` until it is known, then `open`, `reached`, or `gone`.")
    is_source_lost: bool = Field(description="Whether it fell back when this could not go back any more.")
    allow_decrease: bool
    rework_progress: int
    completion_criteria: list[Criterion]
    evidence_requirements: list[EvidenceRequirement]
    acceptance: str = Field(description="Who accepts it once it is verified: `none`, `manager`, `client`.")
    verification_policy: VerificationPolicySent | None = Field(description="As it was sent, with the defaults.")
    submitted_by: str | None = Field(description="Who completed it last.")
    tags: list[str]
    metadata: dict[str, str] = Field(description="For programs: texts by name.")
    custom_fields: dict[str, str] = Field(description="For people: texts by name.")
    notes: str
    internal_notes: str | None = Field(description="Null for those whom they are not for.")
    reason: str | None = Field(description="Why it was rejected or cancelled last.")
    held_by: list[str] = Field(description="The open escalations that block work.")
    escalated_from: str | None = Field(description="While it is escalated, the status that it goes back to.")
    activated_at: str | None
    started_at: str | None
    completed_at: str | None
    verified_at: str | None
    rejected_at: str | None
    approved_at: str | None
    cancelled_at: str | None
    completion_blocked_by: list[str] = Field(
        description="At 100 %, the keys of open criteria, `evidence:<key>` and `dependency:<id>`."
    )
    open_dependencies: list[OpenDependency] = Field(description="By what it is blocked, and why.")
    is_overdue: bool = Field(description="Whether its last day is over while it is not complete.")
    is_at_risk: bool = Field(description="Whether it may become overdue: `risks` says why.")
    risks: list[Literal["escalated", "blocked", "not_started", "behind"]] = Field(
        description="What keeps it from being complete in time, as docs/projects.md says."
    )
    allowed: list[str] = Field(description="The events that its status takes from people.")


class HappenedBy(BaseModel):
    """Who did it."""

    kind: str = Field(description="`user`, `service`, `system`; `anonymous` is whoever has a link.")
    id: str | None = Field(description="Null for `anonymous`.")


class MilestoneHappening(BaseModel):
    """What happened to a milestone."""

    model_config = answered(_HAPPENED)

    event_id: str
    event_type: str
    at: str
    by: HappenedBy
    status_before: str | None
    status: str
    attempt: int
    version: int
    user_id: str | None = Field(description="Whom it happened to, for owners.")
    team_id: str | None = Field(description="The same of a team.")
    role: str | None
    verification_id: str | None = Field(description="The layer that it is about.")
    evidence_id: str | None = Field(description="Which evidence it is about.")
    escalation_id: str | None = Field(description="Which escalation it is about.")
    comment_id: str | None = Field(description="Which comment it is about.")
    reason: str | None


class MilestoneHistory(BaseModel):
    """A page of what happened to a milestone."""

    model_config = answered({"items": [_HAPPENED], "next_cursor": None})

    items: list[MilestoneHappening]
    next_cursor: str | None
