"""The layers of a milestone over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.projects import resolver
from functions.projects.delegation.authority import DelegationNotInForce
from functions.projects.layers.layers import VerificationNotFound
from functions.projects.milestones.gates import PaymentCommitted
from functions.projects.milestones.guards import SeparationOfDuties
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, DECIDE, KEYED, MILESTONE, READ, api
from functions.projects.verification import decisions, reading, reassigning
from functions.projects.verification.reassigning import SeatNotFound, SeatsTaken
from functions.projects.verification.refusals import (
    AlreadyDecided,
    ChecklistOpen,
    ChecksFailed,
    DecisionNotFound,
    LayerClosed,
    LayerNotOpen,
    NotAnApprover,
    NotDelegable,
    NotYourTurn,
    SamePerson,
    ScoreTooLow,
    SubjectChanged,
)
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.callers.challenges import StepUpRequired
from shared.errors import Malformed

if TYPE_CHECKING:
    from functions.projects.verification.shapes import DecisionSent, ReassignedSent

replies = Replies("functions.projects.verification.replies")

SENT = Body("functions.projects.verification.shapes")
VERIFICATION: Final = "/api/v1/verifications/<verification_id>"
_OPEN = (VerificationNotFound, LayerNotOpen, LayerClosed)
_DECIDING = (
    DelegationNotInForce,
    SeparationOfDuties,
    NotAnApprover,
    NotDelegable,
    StepUpRequired,
    AlreadyDecided,
    SamePerson,
    SubjectChanged,
    NotYourTurn,
    ScoreTooLow,
    ChecklistOpen,
    ChecksFailed,
    PaymentCommitted,
)


@api.operation(
    "GET",
    f"{MILESTONE}/verifications",
    scope=READ,
    summary="List the layers of a milestone",
    answers={200: replies.MilestoneVerifications},
    refusals=(ProjectMilestoneNotFound,),
)
def list_verifications(project_milestone_id: str) -> Response:
    """List what is under review, and the layers of all attempts with who decided what, and when."""
    return answer(200, reading.of_milestone(api.caller, project_milestone_id))


@api.operation(
    "POST",
    f"{VERIFICATION}/decisions",
    scope=DECIDE,
    summary="Decide in a layer",
    answers={200: replies.MilestoneVerification},
    refusals=(*BODY, *_OPEN, *_DECIDING, *KEYED),
)
def decide_verification(
    verification_id: str, sent: Annotated["DecisionSent", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Approve or reject what is under review; for those whom the layer asks.

    With enough approvals the next level opens, or the milestone is verified; with enough rejections it is rejected. The
    same decision again changes nothing.
    """
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, decisions.decide(api.caller, verification_id, sent.sent(), claim=claim))


@api.operation(
    "POST",
    f"{VERIFICATION}/withdraw",
    scope=DECIDE,
    summary="Take a decision back",
    answers={200: replies.MilestoneVerification},
    refusals=(Malformed, *_OPEN, DecisionNotFound, *KEYED),
)
def withdraw_decision(verification_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Take back what you decided while the layer is open. It stays readable, and does not count."""
    claim = resolver.claim(idempotency_key)
    return answer(200, decisions.withdraw(api.caller, verification_id, claim=claim))


@api.operation(
    "POST",
    f"{VERIFICATION}/reassign",
    scope=DECIDE,
    summary="Give the seat of a layer to somebody else",
    answers={200: replies.MilestoneVerification},
    refusals=(*BODY, *_OPEN, RoleRequired, SeparationOfDuties, SeatNotFound, SeatsTaken, AlreadyDecided, *KEYED),
)
def reassign_verification(
    verification_id: str, sent: Annotated["ReassignedSent", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Give the seat of somebody who has not decided to another member of the project; for managers."""
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, reassigning.reassign(api.caller, verification_id, sent.user_id, sent.instead_of, claim=claim))
