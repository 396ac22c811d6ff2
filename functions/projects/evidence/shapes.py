"""What callers send about evidence. Unknown fields are refused."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from functions.projects.milestones.shapes import CriterionKey, Tags
from functions.projects.sent import Day, Name, Passage, Reason, asked
from shared.api.whole_numbers import WHOLE

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _plain_name(text: str) -> str:
    if "/" in text or "\\" in text:
        raise ValueError("must not have slashes")
    if _TURNING & {*text}:
        raise ValueError("must not have characters that change the direction of writing, which hide how a name ends")
    return text


def _https(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise ValueError("must be an https address, without a user")
    return text


FileName = Annotated[Name, AfterValidator(_plain_name)]
Size = Annotated[int, Field(strict=True, ge=1, le=10**12, description="In bytes."), WHOLE]
Sha256 = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
Address = Annotated[
    str, StringConstraints(strict=True, max_length=2000, pattern=r"^https://[!-~]+$"), AfterValidator(_https)
]
For = Annotated[CriterionKey, Field(description="The key of evidence that the milestone wants.")]
Until = Annotated[Day, Field(description="The last day on which it counts, in the time zone of the project.")]


class _Draft(BaseModel):
    description: Passage = ""
    requirement: For | None = None
    tags: Tags = []
    expires_on: Until | None = None

    def fields(self) -> dict[str, Any]:
        """Return what was sent, with the defaults of what was not."""
        return self.model_dump()


class EvidenceDraft(_Draft):
    """A file that is to be sent."""

    model_config = asked(
        {
            "file_name": "drawings.pdf",
            "media_type": "application/pdf",
            "size_bytes": 48213,
            "sha256": _SHA256,
            "requirement": "drawings",
        }
    )

    file_name: FileName
    media_type: Name = Field(description="As docs/evidence.md lists them.", max_length=100)
    size_bytes: Size
    sha256: Annotated[Sha256, Field(description="The hash of the file, hexadecimal.")]


class EvidenceLinkDraft(_Draft):
    """An address that shows what was done."""

    model_config = asked({"url": "https://example.org/measurements/17", "description": "Measured on site"})

    url: Address


class EvidencePatch(BaseModel):
    """What is to change of evidence: its tags, in place of those it has."""

    model_config = asked({"tags": ["as built"]})

    tags: Tags


class EvidenceRejection(BaseModel):
    """Why evidence is rejected."""

    model_config = asked({"comment": "The drawing is of another mill."})

    comment: Reason


class EvidenceDecision(BaseModel):
    """What is decided on one piece of evidence."""

    evidence_id: Annotated[str, StringConstraints(strict=True, max_length=64)]
    decision: Literal["verify", "reject"]
    comment: Annotated[Reason | None, Field(description="Wanted for a rejection.")] = None


def _reasoned(decisions: list[EvidenceDecision]) -> list[EvidenceDecision]:
    if any(each.decision == "reject" and each.comment is None for each in decisions):
        raise ValueError("must have a comment for each rejection")
    if len({each.evidence_id for each in decisions}) < len(decisions):
        raise ValueError("must name each once")
    return decisions


class EvidenceReview(BaseModel):
    """What is decided on several pieces of evidence."""

    model_config = asked({"decisions": [{"evidence_id": "evd_01KAEY5R7C2N8V4X6Z9B1D3F5H", "decision": "verify"}]})

    decisions: Annotated[list[EvidenceDecision], Field(min_length=1, max_length=50), AfterValidator(_reasoned)]
