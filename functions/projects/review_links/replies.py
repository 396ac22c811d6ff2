"""What is answered about links for people from outside."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import Criterion
from functions.projects.replies import MOMENT, USER_ID, answered
from functions.projects.verification.replies import EVIDENCE, VERIFICATION_ID, ReviewedEvidence

_DOWNLOAD = {"url": "https://files.example.com/evidence/9f86d081", "expires_at": MOMENT}
_LINK: dict[str, Any] = {
    "link_id": "rvl_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "verification_id": VERIFICATION_ID,
    "attempt": 1,
    "name": "Mary Somerville",
    "address": "mary@example.com",
    "created_by": USER_ID,
    "created_at": MOMENT,
    "expires_at": MOMENT,
    "url": None,
}
_REVIEW: dict[str, Any] = {
    "name": "Mary Somerville",
    "project": "Engine No. 2",
    "title": "Mill assembled",
    "layer": "Audit",
    "kind": "external_audit",
    "attempt": 1,
    "amount_minor_units": 250000,
    "currency": "EUR",
    "completion_criteria": [{"key": "drawings", "text": "Drawings are signed", "is_met": True}],
    "evidence": [EVIDENCE | {"download": _DOWNLOAD}],
    "checklist": [],
    "min_score": None,
    "due_at": MOMENT,
    "expires_at": MOMENT,
    "subject_digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "language": "en",
}
_DECIDED = {"decision": "approve", "decided_at": MOMENT}


class ReviewLink(BaseModel):
    """A link by which somebody from outside decides once."""

    model_config = answered(_LINK)

    link_id: str
    verification_id: str
    attempt: int
    name: str
    address: str
    created_by: str
    created_at: str
    expires_at: str
    url: str | None = Field(description="The link itself, answered once; null if the request is repeated.")


class LinkedDownload(BaseModel):
    """Where a file can be fetched, for five minutes."""

    model_config = answered(_DOWNLOAD)

    url: str
    expires_at: str


class LinkedEvidence(ReviewedEvidence):
    """A piece of evidence that is under review."""

    model_config = answered(EVIDENCE | {"download": _DOWNLOAD})

    download: LinkedDownload | None = Field(description="Null for an address, which is in `url`.")


class LinkedReview(BaseModel):
    """What is under review, for whoever has the link."""

    model_config = answered(_REVIEW)

    name: str = Field(description="Of whoever is asked.")
    project: str | None
    title: str
    layer: str
    kind: str
    attempt: int
    amount_minor_units: int | None
    currency: str | None
    completion_criteria: list[Criterion]
    evidence: list[LinkedEvidence]
    checklist: list[str] = Field(description="What an approval has to check.")
    min_score: int | None = Field(description="The score without which nobody approves.")
    due_at: str | None
    expires_at: str = Field(description="When the link ends.")
    subject_digest: str = Field(description="To send with the decision: what you have seen.")
    language: str = Field(
        description="What the page of the link speaks: `en`, `de`, `fr`, `es`, by the tenant's `locale`."
    )


class LinkedDecision(BaseModel):
    """What was decided by the link."""

    model_config = answered(_DECIDED)

    decision: str = Field(description="`approve` or `reject`.")
    decided_at: str
