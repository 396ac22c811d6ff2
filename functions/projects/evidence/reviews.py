"""How evidence is submitted, and how others than its uploader verify or reject it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from functions.projects.evidence import arrival, evidence, opening, usage, writing
from functions.projects.evidence.evidence import Evidence, EvidenceStatusNotPossible, Status, View
from functions.projects.evidence.opening import Opened
from functions.projects.evidence.writing import Change
from functions.projects.milestones.guards import SeparationOfDuties
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Refusal
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

Decision = Literal["verify", "reject"]

_AFTER: Final[Mapping[Decision, Status]] = {"verify": "verified", "reject": "rejected"}


def submit(caller: Caller, evidence_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Ask for a review of evidence that is there, and return it.

    Raises EvidenceNotFound, RoleRequired, versions.VersionChanged, EvidenceStatusNotPossible.
    """

    def submitted(opened: Opened, _: Instant) -> tuple[Evidence, list[Write]]:
        opened.require_author()
        if opened.piece.status != "uploaded":
            raise EvidenceStatusNotPossible(opened.piece.status, "submitted")
        return opened.piece._replace(status="submitted"), []

    return _moved(caller, evidence_id, "submitted", submitted, if_match=if_match, claim=claim)


def decide(
    caller: Caller,
    evidence_id: str,
    decision: Decision,
    comment: str | None,
    *,
    if_match: str | None,
    claim: Claim | None = None,
) -> Answer:
    """Verify or reject evidence that was submitted, and return it. A rejected file is removed.

    Raises EvidenceNotFound, RoleRequired, SeparationOfDuties, versions.VersionChanged, EvidenceStatusNotPossible,
    UnderReview, SubjectFrozen.
    """
    status = _AFTER[decision]

    def decided(opened: Opened, now: Instant) -> tuple[Evidence, list[Write]]:
        before = opened.piece
        opened.place.within.standing.require("manager", "verifier")
        if opened.is_uploader:
            raise SeparationOfDuties
        if before.status != "submitted":
            raise EvidenceStatusNotPossible(before.status, status)
        after = before._replace(
            status=status, comment=comment, reviewed_by=caller.user_id, reviewed_at=clock.to_rfc3339(now)
        )
        if status == "verified":
            return after, []
        writing.require_unreviewed(opened.place.within.milestone, before)
        return after._replace(reason="review", due_at=None), freed(before)

    shown = _moved(caller, evidence_id, status, decided, if_match=if_match, claim=claim)
    if status == "rejected":
        remove_file(opening.piece(caller, evidence_id).piece)
    return shown


def decide_many(caller: Caller, decisions: Sequence[Mapping[str, Any]]) -> list[View]:
    """Decide on several pieces of evidence, each by itself; return what became of each, in their order."""
    return [_outcome(caller, **each) for each in decisions]


def freed(piece: Evidence) -> list[Write]:
    """Return the writes that give the bytes of a file and their place back."""
    return [*evidence.unlocked(piece), *_returned(piece)]


def remove_file(piece: Evidence) -> None:
    """Remove the file of evidence, if it has one."""
    if piece.place is not None and piece.version_id is not None:
        arrival.discard(piece.place, piece.version_id)


def _returned(piece: Evidence) -> list[Write]:
    return [] if piece.kind == "link" else [usage.returned(piece.tenant_id, piece.size_bytes)]


def _outcome(caller: Caller, evidence_id: str, decision: Decision, comment: str | None) -> View:
    try:
        decided = decide(caller, evidence_id, decision, comment, if_match=None)
    except Refusal as refused:
        return {"evidence_id": evidence_id, "status": None, "code": refused.code, "detail": refused.detail}
    return {"evidence_id": evidence_id, "status": decided["status"], "code": None, "detail": None}


def _moved(
    caller: Caller,
    evidence_id: str,
    what: str,
    moved: Callable[[Opened, Instant], tuple[Evidence, list[Write]]],
    *,
    if_match: str | None,
    claim: Claim | None,
) -> Answer:
    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.piece(caller, evidence_id)
        before, within = opened.piece, opened.place.within
        versions.require(if_match, before.version)
        after, more = moved(opened, now)
        after = after._replace(updated_at=clock.to_rfc3339(now), version=before.version + 1)
        writes = writing.written(within.milestone, within.counts, [Change(what, before, after)], now)
        return Plan(evidence.view(after), [*writes, *more])

    return changes.make(plan, claim=claim)
