"""How a file becomes evidence: it is announced, sent by PUT to a signed address, and looked at once it is there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.projects.evidence import arrival, drafting, evidence, media_type, opening, usage, writing
from functions.projects.evidence.evidence import PRESENT, Evidence, EvidenceNotFound, EvidenceStatusNotPossible, View
from functions.projects.evidence.opening import Place
from functions.projects.evidence.writing import Change
from shared import clock, ids
from shared.callers.caller import Caller
from shared.clock import DAY
from shared.errors import Conflict, InvalidInput, TooLarge, UnsupportedMedia
from shared.storage import changes, files, table
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.files import NotUploaded
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

PURPOSE: Final = "evidence"
_REPLACEABLE: Final = PRESENT | {"expired"}
ABANDONED_AFTER: Final = DAY
"""How long an announced file is waited for."""


class EvidenceTypeNotAccepted(UnsupportedMedia):
    """415: files of this media type are not taken as evidence."""

    def __init__(self) -> None:
        super().__init__(f"Files of this type are not taken. `media_type` is one of: {', '.join(media_type.ACCEPTED)}.")


class EvidenceTooLarge(TooLarge):
    """413: files of this media type may not be so large."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A file of this type may have {most:,} bytes.")


class DuplicateEvidence(Conflict):
    """409: the milestone has a file with the same bytes; `evidence_id` says which."""

    def __init__(self, evidence_id: str) -> None:
        super().__init__("The milestone has a file with the same bytes.")
        self._id = evidence_id

    @property
    def members(self) -> Mapping[str, Any]:
        """The id of that evidence."""
        return {"evidence_id": self._id}


class EvidenceNotPending(Conflict):
    """409: the file is there, or is not waited for any more."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The evidence is {status}. Only what is pending takes a file.")


def begin(
    caller: Caller,
    milestone_id: str,
    fields: Mapping[str, Any],
    *,
    supersedes: str | None = None,
    claim: Claim | None = None,
) -> Answer:
    """Announce a file as evidence of a milestone; return the evidence, and where the file is to be sent.

    Raises ProjectMilestoneNotFound, RoleRequired, EvidenceTypeNotAccepted, EvidenceTooLarge, InvalidInput,
    MilestoneFinal, TooMuchEvidence, DuplicateEvidence, EvidenceQuotaExceeded.
    """
    _require_accepted(fields)
    evidence_id = ids.new(evidence.ID, at=clock.now())
    locked = evidence.lock_key(caller.tenant_id, milestone_id, fields["sha256"])
    older = () if supersedes is None else (evidence.key(caller.tenant_id, milestone_id, supersedes),)
    where = files.new_key(PURPOSE, caller.tenant_id, milestone_id, evidence_id)

    def plan() -> Plan[View]:
        now = clock.now()
        place = opening.milestone(caller, milestone_id, also=(locked, *usage.keys(caller.tenant_id), *older))
        lock, used, settings, *replaced = place.others
        drafting.require_room(place, fields["requirement"])
        _require_replaceable(place, replaced)
        if lock is not None:
            raise DuplicateEvidence(lock["evidence_id"])
        new = drafting.drafted(caller, place, evidence_id, "file", fields, now)
        new = new._replace(place=where, supersedes=supersedes, due_at=clock.to_rfc3339(now + ABANDONED_AFTER))
        writes: list[Write] = [
            *writing.written(place.within.milestone, place.within.counts, [Change("announced", None, new)], now),
            usage.reserved(caller.tenant_id, new.size_bytes, used, settings),
        ]
        return Plan(evidence.view(new), writes)

    shown = changes.make(plan, claim=claim)
    return {"evidence": shown, "upload": _address_of(caller, milestone_id, shown["evidence_id"])}


def replace(caller: Caller, evidence_id: str, fields: Mapping[str, Any], *, claim: Claim | None = None) -> Answer:
    """Announce a file that supersedes this evidence once it is there; return as `begin` does.

    Raises as that, and EvidenceNotFound, EvidenceStatusNotPossible, UnderReview, SubjectFrozen.
    """
    found = opening.piece(caller, evidence_id, consistent=False).piece
    return begin(caller, found.project_milestone_id, fields, supersedes=evidence_id, claim=claim)


def renew(caller: Caller, evidence_id: str) -> View:
    """Return once more where the file of pending evidence is to be sent.

    Raises EvidenceNotFound, RoleRequired, EvidenceNotPending.
    """
    opened = opening.piece(caller, evidence_id)
    opened.require_author()
    if opened.piece.status != "pending":
        raise EvidenceNotPending(opened.piece.status)
    return {"evidence": evidence.view(opened.piece), "upload": _address(opened.piece)}


def complete(caller: Caller, evidence_id: str) -> View:
    """Look at the file of pending evidence and return the evidence; what was looked at before stays as it is.

    Raises EvidenceNotFound, RoleRequired, NotUploaded.
    """
    opened = opening.piece(caller, evidence_id)
    opened.require_author()
    found = arrival.settle(opened.piece)
    if found is None:
        raise EvidenceNotFound
    if found.status == "pending":
        raise NotUploaded
    return evidence.view(found)


def _require_accepted(fields: Mapping[str, Any]) -> None:
    """Require that a file of this type, size and name is taken.

    Raises EvidenceTypeNotAccepted, EvidenceTooLarge, InvalidInput.
    """
    accepted = media_type.ACCEPTED.get(fields["media_type"])
    if accepted is None:
        raise EvidenceTypeNotAccepted
    if fields["size_bytes"] > accepted.most_bytes:
        raise EvidenceTooLarge(accepted.most_bytes)
    if not fields["file_name"].lower().endswith(tuple(accepted.endings)):
        raise InvalidInput.of("file_name", f"must end in {' or '.join(accepted.endings)}")


def _require_replaceable(place: Place, replaced: Sequence[Item | None]) -> None:
    """Require that evidence which is to be superseded is there, and that no layer decides on it.

    Raises EvidenceNotFound, EvidenceStatusNotPossible, UnderReview, SubjectFrozen.
    """
    for item in replaced:
        if item is None:
            raise EvidenceNotFound
        piece = evidence.from_item(item)
        if piece.status not in _REPLACEABLE:
            raise EvidenceStatusNotPossible(piece.status, "replaced")
        writing.require_unreviewed(place.within.milestone, piece)


def _address_of(caller: Caller, milestone_id: str, evidence_id: str) -> View | None:
    item = table.get(evidence.key(caller.tenant_id, milestone_id, evidence_id), consistent=True)
    return None if item is None else _address(evidence.from_item(item))


def _address(piece: Evidence) -> View | None:
    """Return where the file of evidence is to be sent, None if it is there already."""
    if piece.status != "pending" or piece.place is None or piece.sha256 is None or piece.media_type is None:
        return None
    upload = files.presigned_put(piece.place, size=piece.size_bytes, sha256=piece.sha256, media_type=piece.media_type)
    return {"method": "PUT", "url": upload.url, "headers": dict(upload.headers)}
