"""What callers are answered about evidence."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from functions.projects.milestones.replies import MILESTONE_ID
from functions.projects.replies import MOMENT, PROJECT_ID, USER_ID, answered
from shared.api.reference import Problem

_EVIDENCE_ID = "evd_01KAEY5R7C2N8V4X6Z9B1D3F5H"
_EVIDENCE: dict[str, Any] = {
    "evidence_id": _EVIDENCE_ID,
    "project_milestone_id": MILESTONE_ID,
    "project_id": PROJECT_ID,
    "kind": "file",
    "status": "pending",
    "uploaded_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
    "description": "",
    "requirement": "drawings",
    "tags": [],
    "expires_on": None,
    "file_name": "drawings.pdf",
    "media_type": "application/pdf",
    "size_bytes": 48213,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "url": None,
    "reason": None,
    "comment": None,
    "reviewed_by": None,
    "reviewed_at": None,
    "supersedes": None,
    "superseded_by": None,
}
_HEADERS = {
    "Content-Length": "48213",
    "Content-Type": "application/pdf",
    "If-None-Match": "*",
    "x-amz-checksum-sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
}
_UPLOAD = {"method": "PUT", "url": "https://files.s3.eu-central-1.amazonaws.com/evidence/…", "headers": _HEADERS}
_OUTCOME = {"evidence_id": _EVIDENCE_ID, "status": "verified", "code": None, "detail": None}


class DuplicateProblem(Problem):
    """What every refusal answers (RFC 9457); `DuplicateEvidence` says which evidence has the bytes."""

    evidence_id: Annotated[str | None, Field(description="The evidence with the same bytes.")] = None


class Evidence(BaseModel):
    """A file or a link that proves what was done for a milestone."""

    model_config = answered(_EVIDENCE)

    evidence_id: str
    project_milestone_id: str
    project_id: str
    kind: str = Field(description="`file` or `link`.")
    status: str = Field(description="A status of docs/evidence.md.")
    uploaded_by: str
    created_at: str
    updated_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")
    description: str
    requirement: str | None = Field(description="The key of wanted evidence that it is for.")
    tags: list[str]
    expires_on: str | None
    file_name: str | None
    media_type: str | None
    size_bytes: int
    sha256: str | None
    url: str | None
    reason: str | None = Field(
        description="Why it is rejected: `empty`, `too_large`, `hash_mismatch`, `type_mismatch`, `infected`, "
        "`not_scannable`, `not_scanned`, or `review`."
    )
    comment: str | None = Field(description="What the reviewer said.")
    reviewed_by: str | None
    reviewed_at: str | None
    supersedes: str | None
    superseded_by: str | None


class EvidencePage(BaseModel):
    """A page of the evidence of a milestone."""

    model_config = answered({"items": [_EVIDENCE], "next_cursor": None})

    items: list[Evidence]
    next_cursor: str | None


class EvidenceUpload(BaseModel):
    """Where a file is to be sent, within 15 minutes, and with which headers."""

    method: str
    url: str
    headers: dict[str, str]


class AnnouncedEvidence(BaseModel):
    """Evidence that waits for its file."""

    model_config = answered({"evidence": _EVIDENCE, "upload": _UPLOAD})

    evidence: Evidence
    upload: EvidenceUpload | None = Field(description="Null once the file is there.")


class EvidenceFile(BaseModel):
    """Where a file can be fetched, as an attachment."""

    model_config = answered({"url": "https://files.s3.eu-central-1.amazonaws.com/evidence/…", "expires_at": MOMENT})

    url: str
    expires_at: str


class EvidenceUsage(BaseModel):
    """How much the files of a tenant take."""

    model_config = answered({"used_bytes": 48213, "files": 1, "quota_bytes": 10737418240, "left_bytes": 10737370027})

    used_bytes: int = Field(description="Announced files count before they are there.")
    files: int
    quota_bytes: int
    left_bytes: int


class EvidenceOutcome(BaseModel):
    """What became of a decision: a status, or the code of a refusal."""

    evidence_id: str
    status: str | None
    code: str | None
    detail: str | None


class EvidenceOutcomes(BaseModel):
    """What became of decisions, in their order."""

    model_config = answered({"items": [_OUTCOME]})

    items: list[EvidenceOutcome]
