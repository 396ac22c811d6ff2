"""What callers are answered about the layers of a milestone."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import MILESTONE_ID, Criterion
from functions.projects.replies import MOMENT, USER_ID, answered

VERIFICATION_ID = "ver_01KAEY5R7C2N8V4X6Z9B1D3F5H"

_SEAT = {"user_id": USER_ID, "weight": 1, "is_struck": False, "name": None, "link_mail": None}
_DECISION: dict[str, Any] = {
    "user_id": USER_ID,
    "actor": USER_ID,
    "decision": "approve",
    "at": MOMENT,
    "reason": None,
    "score": None,
    "checklist": [],
    "is_withdrawn": False,
    "delegation_id": None,
    "comment": "The wheels run smoothly.",
    "on_behalf_of": None,
}
_LAYER: dict[str, Any] = {
    "verification_id": VERIFICATION_ID,
    "project_milestone_id": MILESTONE_ID,
    "attempt": 1,
    "status": "approved",
    "submitted_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "subject_digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "created_at": MOMENT,
    "opened_at": MOMENT,
    "due_at": MOMENT,
    "closed_at": MOMENT,
    "carried_from": None,
    "version": 2,
    "level": 1,
    "name": "Review",
    "kind": "manual",
    "mode": "any",
    "quorum": 1,
    "order": "parallel",
    "required": True,
    "min_score": None,
    "reject_rule": "first_reject",
    "separation_of_duties": True,
    "require_second_factor": False,
    "keep_approvals": False,
    "calendar": "elapsed",
    "on_timeout": "escalate",
    "checklist": [],
    "allow_delegation": True,
    "checks": [],
    "seats": [_SEAT],
    "decisions": [_DECISION],
    "approving_weight": 1,
    "rejecting_weight": 0,
    "needed_weight": 1,
    "is_stalled": False,
    "milestone_status": "verified",
}
EVIDENCE: dict[str, Any] = {
    "evidence_id": "evd_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "kind": "file",
    "status": "verified",
    "file_name": "drawings.pdf",
    "media_type": "application/pdf",
    "size_bytes": 48213,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "url": None,
    "description": "",
    "requirement": "drawings",
    "expires_on": None,
    "uploaded_by": USER_ID,
}
_SUBJECT: dict[str, Any] = {
    "attempt": 1,
    "amount_minor_units": 250000,
    "currency": "EUR",
    "completion_criteria": [{"key": "drawings", "text": "Drawings are signed", "is_met": True}],
    "evidence": [EVIDENCE],
    "analysis": {"score": 0, "findings": [{"evidence_id": EVIDENCE["evidence_id"], "code": "for_nothing"}]},
}


class LayerSeat(BaseModel):
    """Somebody whom a layer asks."""

    model_config = answered(_SEAT)

    user_id: str
    weight: int
    is_struck: bool = Field(description="Whether they may not decide any more.")
    name: str | None = Field(description="Of somebody from outside, whose `user_id` is that of the seat alone.")
    link_mail: str | None = Field(
        description="What went wrong with the mail of their link: `bounced`, or `complained` of as spam."
    )


class LayerDecision(BaseModel):
    """What was decided for a seat."""

    model_config = answered(_DECISION)

    user_id: str = Field(description="Whose seat it is.")
    actor: str = Field(description="Who decided.")
    decision: str = Field(description="`approve` or `reject`.")
    at: str
    reason: str | None
    score: int | None
    checklist: list[str]
    is_withdrawn: bool = Field(description="Whether it was taken back and does not count.")
    delegation_id: str | None = Field(description="By which delegation the actor decided in the place of another.")
    comment: str | None = Field(description="What the actor says besides.")
    on_behalf_of: str | None = Field(description="In whose place, if that is another than the actor.")


class LayerCheck(BaseModel):
    """How an automated check turned out."""

    model_config = answered({"check": "evidence_count", "is_passed": True, "finding": "2 of 2 pieces"})

    check: str = Field(description="A check of docs/verification.md.")
    is_passed: bool
    finding: str


class MilestoneVerification(BaseModel):
    """A layer of an attempt at a milestone."""

    model_config = answered(_LAYER)

    verification_id: str
    project_milestone_id: str
    attempt: int
    status: str = Field(description="`waiting`, `open`, `approved`, `rejected`, `skipped`, `withdrawn`.")
    submitted_by: str = Field(description="Who completed the milestone.")
    subject_digest: str = Field(description="To send with a decision: what you have seen.")
    created_at: str
    opened_at: str | None
    due_at: str | None
    closed_at: str | None
    carried_from: str | None = Field(description="The layer of an earlier attempt whose approval still holds.")
    version: int
    level: int
    name: str
    kind: str
    mode: str
    quorum: int
    order: str
    required: bool
    min_score: int | None
    reject_rule: str
    separation_of_duties: bool
    require_second_factor: bool
    keep_approvals: bool = Field(description="Whether approvals stay when evidence is added.")
    calendar: str = Field(description="`elapsed`, or `business`: how its hours are counted.")
    on_timeout: str = Field(description="What happens when it is due: `escalate`, `approve`, `reject`.")
    checklist: list[str]
    allow_delegation: bool
    checks: list[LayerCheck] = Field(description="The automated checks by which it was decided.")
    seats: list[LayerSeat]
    decisions: list[LayerDecision]
    approving_weight: int
    rejecting_weight: int
    needed_weight: int
    is_stalled: bool = Field(description="Whether the people left cannot approve it.")
    milestone_status: str


class ReviewedEvidence(BaseModel):
    """A piece of evidence that is under review."""

    model_config = answered(EVIDENCE)

    evidence_id: str
    kind: str = Field(description="`file` or `link`.")
    status: str = Field(description="`uploaded`, `submitted` or `verified`.")
    file_name: str | None
    media_type: str | None
    size_bytes: int
    sha256: str | None
    url: str | None
    description: str
    requirement: str | None
    expires_on: str | None
    uploaded_by: str


class EvidenceFinding(BaseModel):
    """What may be wrong with a piece of evidence."""

    model_config = answered({"evidence_id": EVIDENCE["evidence_id"], "code": "not_verified"})

    evidence_id: str
    code: str = Field(description="`not_verified`, `not_a_file`, `expires_soon`, `for_nothing`.")


class EvidenceAnalysis(BaseModel):
    """What a program finds in the evidence."""

    model_config = answered(_SUBJECT["analysis"])

    score: int = Field(description="0 to 100: the share of the pieces without a finding.")
    findings: list[EvidenceFinding]


class ReviewSubject(BaseModel):
    """What is under review."""

    model_config = answered(_SUBJECT)

    attempt: int
    amount_minor_units: int | None = Field(description="For those who see amounts, and for whom a layer asks.")
    currency: str | None
    completion_criteria: list[Criterion]
    evidence: list[ReviewedEvidence] = Field(description="What is there, the oldest first.")
    analysis: EvidenceAnalysis


class MilestoneVerifications(BaseModel):
    """The layers of all attempts at a milestone, the first attempt first."""

    model_config = answered(
        {
            "project_milestone_id": MILESTONE_ID,
            "status": "verified",
            "attempt": 1,
            "subject": _SUBJECT,
            "items": [_LAYER],
        }
    )

    project_milestone_id: str
    status: str
    attempt: int
    subject: ReviewSubject
    items: list[MilestoneVerification]
