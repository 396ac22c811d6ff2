"""Reviews of evidence over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.evidence import reviews
from functions.projects.evidence.evidence import EvidenceNotFound, EvidenceStatusNotPossible
from functions.projects.evidence.routes import EVIDENCE, SENT, replies
from functions.projects.milestones.guards import SeparationOfDuties
from functions.projects.milestones.refusals import SubjectFrozen, UnderReview
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, DECIDE, KEYED, WRITE, api
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.errors import Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.evidence.shapes import EvidenceRejection, EvidenceReview

_MOVING = (EvidenceNotFound, RoleRequired, VersionChanged, EvidenceStatusNotPossible)


@api.operation(
    "POST",
    f"{EVIDENCE}/submit",
    scope=WRITE,
    summary="Submit evidence for review",
    answers={200: replies.Evidence},
    refusals=(Malformed, *_MOVING, *KEYED),
)
def submit_evidence(evidence_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Ask for a review of evidence that is there; for managers and whoever brought it."""
    claim = resolver.claim(idempotency_key)
    return answer(200, reviews.submit(api.caller, evidence_id, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{EVIDENCE}/verify",
    scope=DECIDE,
    summary="Verify evidence",
    answers={200: replies.Evidence},
    refusals=(Malformed, *_MOVING, SeparationOfDuties, *KEYED),
)
def verify_evidence(evidence_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Verify submitted evidence; for managers and verifiers of the project, never for whoever brought it."""
    claim = resolver.claim(idempotency_key)
    verified = reviews.decide(api.caller, evidence_id, "verify", None, if_match=if_match, claim=claim)
    return answer(200, verified)


@api.operation(
    "POST",
    f"{EVIDENCE}/reject",
    scope=DECIDE,
    summary="Reject evidence",
    answers={200: replies.Evidence},
    refusals=(*BODY, *_MOVING, SeparationOfDuties, UnderReview, SubjectFrozen, *KEYED),
)
def reject_evidence(
    evidence_id: str,
    sent: Annotated["EvidenceRejection", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Reject submitted evidence with a comment; as verifying it. The file is removed and its bytes are free again."""
    claim = resolver.claim(idempotency_key, sent)
    rejected = reviews.decide(api.caller, evidence_id, "reject", sent.comment, if_match=if_match, claim=claim)
    return answer(200, rejected)


@api.operation(
    "POST",
    "/api/v1/evidence/bulk-review",
    scope=DECIDE,
    summary="Decide on several pieces of evidence",
    answers={200: replies.EvidenceOutcomes},
    refusals=BODY,
)
def review_evidence(sent: Annotated["EvidenceReview", SENT]) -> Response:
    """Verify or reject up to 50 pieces of submitted evidence, each by itself, and say what became of each.

    Sent twice, the second time refuses what the first has decided.
    """
    decisions = [each.model_dump() for each in sent.decisions]
    return answer(200, {"items": reviews.decide_many(api.caller, decisions)})
