"""What a caller can look at of evidence: one by one, all of a milestone, and the file itself."""

from typing import Any, Final

from functions.projects.evidence import evidence, opening, writing
from functions.projects.evidence.evidence import Evidence, View
from functions.projects.milestones import milestones
from functions.projects.milestones import opening as milestone_opening
from shared import clock
from shared.callers.caller import Caller
from shared.clock import SECOND
from shared.errors import Conflict
from shared.storage import changes, files, table
from shared.storage.changes import Plan

_READABLE: Final = frozenset[evidence.Status]({"uploaded", "submitted", "verified", "superseded", "expired"})


class EvidenceNotReadable(Conflict):
    """409: the evidence has no file that can be fetched."""

    def __init__(self) -> None:
        super().__init__(
            "The evidence has no file that can be fetched: it is a link, or pending, not scanned yet, or rejected."
        )


def piece(caller: Caller, evidence_id: str) -> View:
    """Return a piece of evidence; three calls. Raises EvidenceNotFound."""
    return evidence.view(opening.piece(caller, evidence_id, consistent=False).piece)


def page(caller: Caller, milestone_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the evidence of a milestone, the oldest first; two calls and a query.

    Raises ProjectMilestoneNotFound, Malformed.
    """
    milestone_opening.milestone(caller, milestone_id, consistent=False)
    place = milestones.partition(caller.tenant_id, milestone_id)
    found = table.query(place, evidence.PREFIX, limit=limit, cursor=cursor)
    return [evidence.view(evidence.from_item(item)) for item in found.items], found.next_cursor


def download(caller: Caller, evidence_id: str) -> View:
    """Return where the version of a file that was looked at can be fetched for five minutes; the audit log has it.

    Raises EvidenceNotFound, EvidenceNotReadable.
    """

    def plan() -> Plan[Any]:
        opened = opening.piece(caller, evidence_id)
        found = opened.piece
        if found.kind != "file" or found.version_id is None or found.status not in _READABLE:
            raise EvidenceNotReadable
        return Plan(found, writing.told("downloaded", opened.place.within.milestone, found, clock.now()))

    return _address(changes.make(plan))


def address(piece: Evidence) -> View | None:
    """Return where the file of evidence that is there can be fetched for five minutes, None of a link."""
    return _address(piece) if piece.kind == "file" and piece.status in evidence.PRESENT else None


def _address(found: Any) -> View:
    url = files.presigned_get(
        found.place, file_name=found.file_name, media_type=found.media_type, version_id=found.version_id
    )
    ends_at = clock.now() + files.DOWNLOAD_SECONDS * SECOND
    return {"url": url, "expires_at": clock.to_rfc3339(ends_at)}
