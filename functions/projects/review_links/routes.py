"""Links for people from outside over REST: managers make them; who has one needs no account.

The token of a link is in the body, never in a path or query, so that no log has it. Nothing here answers a GET or HEAD.
"""

from typing import TYPE_CHECKING, Annotated, Final

from functions.projects import resolver
from functions.projects.layers.layers import VerificationNotFound
from functions.projects.milestones.gates import PaymentCommitted
from functions.projects.milestones.guards import SeparationOfDuties
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, DECIDE, KEYED, api
from functions.projects.review_links import making, using
from functions.projects.review_links.links import ReviewLinkForged, ReviewLinkOver
from functions.projects.verification.reassigning import SeatNotFound
from functions.projects.verification.refusals import (
    AlreadyDecided,
    ChecklistOpen,
    ChecksFailed,
    LayerClosed,
    LayerNotOpen,
    NotYourTurn,
    ScoreTooLow,
    SubjectChanged,
)
from functions.projects.verification.routes import VERIFICATION
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, IdempotencyKey, answer

if TYPE_CHECKING:
    from functions.projects.review_links.shapes import LinkedDecisionSent, ReviewLinkSent, ReviewLinkShown

replies = Replies("functions.projects.review_links.replies")

SENT = Body("functions.projects.review_links.shapes")
LINKS: Final = "/api/v1/review-links"
_OPENING = (ReviewLinkForged, ReviewLinkOver)
_DECIDING = (SubjectChanged, NotYourTurn, ScoreTooLow, ChecklistOpen, ChecksFailed, PaymentCommitted)


@api.operation(
    "POST",
    f"{VERIFICATION}/links",
    scope=DECIDE,
    summary="Make a link for somebody from outside",
    answers={201: replies.ReviewLink},
    refusals=(
        *BODY,
        VerificationNotFound,
        LayerNotOpen,
        LayerClosed,
        RoleRequired,
        SeparationOfDuties,
        SeatNotFound,
        AlreadyDecided,
        *KEYED,
    ),
)
def create_review_link(
    verification_id: str, sent: Annotated["ReviewLinkSent", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Make a link by which a seat from outside decides once, and have it mailed; for managers.

    `url` is answered this once. A link that was made for the seat before is not good any more.
    """
    claim = resolver.claim(idempotency_key, sent)
    return answer(201, making.make(api.caller, verification_id, sent.address, sent.valid_days, claim=claim))


@api.operation(
    "POST",
    f"{LINKS}/view",
    scope=PUBLIC,
    summary="See what a link is about",
    answers={200: replies.LinkedReview},
    refusals=(*BODY, *_OPENING),
)
def view_review_link(sent: Annotated["ReviewLinkShown", SENT]) -> Response:
    """Show what is under review to whoever has the link. This changes nothing."""
    return answer(200, using.view(sent.token))


@api.operation(
    "POST",
    f"{LINKS}/decide",
    scope=PUBLIC,
    summary="Decide by a link",
    answers={200: replies.LinkedDecision},
    refusals=(*BODY, *_OPENING, *_DECIDING),
)
def decide_by_review_link(sent: Annotated["LinkedDecisionSent", SENT]) -> Response:
    """Approve or reject what is under review. The link is spent by that."""
    return answer(200, using.decide(sent.token, sent.sent()))
