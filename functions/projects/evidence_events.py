"""The events of evidence. None has the name of a file, or another text that people wrote."""

from collections.abc import Mapping
from typing import Final

from pydantic import Field

from functions.projects.event_data import ProjectMilestoneChanged
from shared.messaging.event_data import EventType


class EvidenceChanged(ProjectMilestoneChanged):
    """Which evidence of the milestone it is, and how it is after the change."""

    evidence_id: str
    evidence_status: str = Field(description="A status of docs/evidence.md, that of before for what is gone.")


EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "projects.evidence.announced": EventType(EvidenceChanged, "A file was announced as evidence of a milestone."),
    "projects.evidence.scan_started": EventType(
        EvidenceChanged, "A file is there, and waits for the verdict of the scanner.", is_published=True
    ),
    "projects.evidence.uploaded": EventType(
        EvidenceChanged, "Evidence of a milestone is there, as it was declared.", is_published=True
    ),
    "projects.evidence.updated": EventType(EvidenceChanged, "Evidence has other tags.", is_published=True),
    "projects.evidence.submitted": EventType(EvidenceChanged, "A review of evidence was asked for.", is_published=True),
    "projects.evidence.verified": EventType(
        EvidenceChanged, "Evidence was verified.", is_published=True, is_audited=True
    ),
    "projects.evidence.rejected": EventType(
        EvidenceChanged,
        "Evidence was rejected by a reviewer, by the scanner, or because its file is not what was declared.",
        is_published=True,
        is_audited=True,
    ),
    "projects.evidence.superseded": EventType(
        EvidenceChanged, "A new version has taken the place of evidence.", is_published=True
    ),
    "projects.evidence.expired": EventType(
        EvidenceChanged, "The last day of evidence is over.", is_published=True, is_audited=True
    ),
    "projects.evidence.deleted": EventType(
        EvidenceChanged, "Evidence was deleted.", is_published=True, is_audited=True
    ),
    "projects.evidence.abandoned": EventType(EvidenceChanged, "A file that was announced has not come for a day."),
    "projects.evidence.downloaded": EventType(
        EvidenceChanged, "Somebody was told where to fetch the file of evidence.", is_audited=True
    ),
}
