"""How evidence is deleted: its bytes and their place are free again. What was verified stays."""

from functions.projects.evidence import opening, reviews, writing
from functions.projects.evidence.evidence import Evidence, EvidenceStatusNotPossible
from functions.projects.evidence.writing import Change
from shared import clock
from shared.callers.caller import Caller
from shared.storage import changes, versions
from shared.storage.changes import Plan


def delete(caller: Caller, evidence_id: str, *, if_match: str | None) -> None:
    """Delete evidence that was never verified.

    Raises EvidenceNotFound, RoleRequired, versions.VersionChanged, EvidenceStatusNotPossible,
    UnderReview, SubjectFrozen.
    """

    def plan() -> Plan[Evidence]:
        opened = opening.piece(caller, evidence_id)
        piece, within = opened.piece, opened.place.within
        versions.require(if_match, piece.version)
        opened.require_author()
        if piece.reviewed_at is not None and piece.status != "rejected":
            raise EvidenceStatusNotPossible(piece.status, "deleted")
        writing.require_unreviewed(within.milestone, piece)
        writes = writing.written(within.milestone, within.counts, [Change("deleted", piece, None)], clock.now())
        freed = [] if piece.status == "rejected" else reviews.freed(piece)
        return Plan(piece, [*writes, *freed])

    reviews.remove_file(changes.make(plan))
