"""Comments over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.projects import resolver
from functions.projects.comments import commenting
from functions.projects.evidence.evidence import EvidenceNotFound
from functions.projects.layers.layers import VerificationNotFound
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, DECIDE, KEYED, READ, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged
from shared.teamwork.comments import CommentNotFound, NotTheAuthor

if TYPE_CHECKING:
    from functions.projects.comments.shapes import CommentSent

replies = Replies("functions.projects.comments.replies")

SENT = Body("functions.projects.comments.shapes")
ON_LAYER: Final = "/api/v1/verifications/<verification_id>/comments"
ON_EVIDENCE: Final = "/api/v1/evidence/<evidence_id>/comments"
_EDITING = (*BODY, CommentNotFound, NotTheAuthor, RoleRequired, VersionChanged)
_DELETING = (Malformed, CommentNotFound, NotTheAuthor, VersionChanged)


@api.operation(
    "GET",
    ON_LAYER,
    scope=READ,
    summary="List the comments on a layer",
    answers={200: replies.Comments},
    refusals=(Malformed, InvalidInput, VerificationNotFound),
)
def list_verification_comments(verification_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List what members have said on a layer, the oldest first."""
    return resolver.page(commenting.page(api.caller, verification_id, commenting.on_layer, limit=limit, cursor=cursor))


@api.operation(
    "POST",
    ON_LAYER,
    scope=DECIDE,
    summary="Comment on a layer",
    answers={201: replies.Comment},
    refusals=(*BODY, VerificationNotFound, RoleRequired, *KEYED),
)
def add_verification_comment(
    verification_id: str, sent: Annotated["CommentSent", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Say something on a layer, at any time; for members of the project who do not only look on."""
    claim = resolver.claim(idempotency_key, sent)
    return answer(201, commenting.add(api.caller, verification_id, commenting.on_layer, sent.text, claim=claim))


@api.operation(
    "PATCH",
    f"{ON_LAYER}/<comment_id>",
    scope=DECIDE,
    summary="Edit a comment on a layer",
    answers={200: replies.Comment},
    refusals=(VerificationNotFound, *_EDITING),
)
def edit_verification_comment(
    verification_id: str, comment_id: str, sent: Annotated["CommentSent", SENT], if_match: IfMatch = None
) -> Response:
    """Give a comment of yours another text."""
    found = (api.caller, verification_id, commenting.on_layer, comment_id)
    return answer(200, commenting.edit(*found, sent.text, if_match=if_match))


@api.operation(
    "DELETE",
    f"{ON_LAYER}/<comment_id>",
    scope=DECIDE,
    summary="Delete a comment on a layer",
    answers={204: None},
    refusals=(VerificationNotFound, *_DELETING),
)
def delete_verification_comment(verification_id: str, comment_id: str, if_match: IfMatch = None) -> Response:
    """Delete a comment; for its author and for managers. That it was there stays in the history."""
    commenting.delete(api.caller, verification_id, commenting.on_layer, comment_id, if_match=if_match)
    return answer(204)


@api.operation(
    "GET",
    ON_EVIDENCE,
    scope=READ,
    summary="List the comments on evidence",
    answers={200: replies.Comments},
    refusals=(Malformed, InvalidInput, EvidenceNotFound),
)
def list_evidence_comments(evidence_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List what members have said on a piece of evidence, the oldest first."""
    return resolver.page(commenting.page(api.caller, evidence_id, commenting.on_evidence, limit=limit, cursor=cursor))


@api.operation(
    "POST",
    ON_EVIDENCE,
    scope=DECIDE,
    summary="Comment on evidence",
    answers={201: replies.Comment},
    refusals=(*BODY, EvidenceNotFound, RoleRequired, *KEYED),
)
def add_evidence_comment(
    evidence_id: str, sent: Annotated["CommentSent", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Say something on a piece of evidence, at any time; for members of the project who do not only look on."""
    claim = resolver.claim(idempotency_key, sent)
    return answer(201, commenting.add(api.caller, evidence_id, commenting.on_evidence, sent.text, claim=claim))


@api.operation(
    "PATCH",
    f"{ON_EVIDENCE}/<comment_id>",
    scope=DECIDE,
    summary="Edit a comment on evidence",
    answers={200: replies.Comment},
    refusals=(EvidenceNotFound, *_EDITING),
)
def edit_evidence_comment(
    evidence_id: str, comment_id: str, sent: Annotated["CommentSent", SENT], if_match: IfMatch = None
) -> Response:
    """Give a comment of yours another text."""
    found = (api.caller, evidence_id, commenting.on_evidence, comment_id)
    return answer(200, commenting.edit(*found, sent.text, if_match=if_match))


@api.operation(
    "DELETE",
    f"{ON_EVIDENCE}/<comment_id>",
    scope=DECIDE,
    summary="Delete a comment on evidence",
    answers={204: None},
    refusals=(EvidenceNotFound, *_DELETING),
)
def delete_evidence_comment(evidence_id: str, comment_id: str, if_match: IfMatch = None) -> Response:
    """Delete a comment; for its author and for managers. That it was there stays in the history."""
    commenting.delete(api.caller, evidence_id, commenting.on_evidence, comment_id, if_match=if_match)
    return answer(204)
