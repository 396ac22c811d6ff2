"""Escalations over REST."""

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Final

from functions.projects import resolver
from functions.projects.escalation import commands, raising, reading
from functions.projects.escalation.commands import EscalationAtLastLevel, EscalationTransitionNotAllowed
from functions.projects.escalation.holding import EscalationNotPossible
from functions.projects.escalations import EscalationNotFound, Status
from functions.projects.milestones.command_routes import replies as milestone_replies
from functions.projects.milestones.gates import PaymentCommitted
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.open_escalations import EscalationOpen
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, KEYED, READ, WRITE, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.api.routes import ProblemForm
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.escalation.shapes import EscalationDraft, EscalationReasonSent, EscalationResolved

replies = Replies("functions.projects.escalation.replies")

SENT = Body("functions.projects.escalation.shapes")
ESCALATIONS: Final = "/api/v1/escalations"
ESCALATION: Final = f"{ESCALATIONS}/<escalation_id>"
PROBLEMS = ProblemForm(attrgetter("members"), milestone_replies.TransitionProblem)
"""A refused transition says which ones are allowed."""
MOVING: Final = (EscalationNotFound, RoleRequired, VersionChanged, EscalationTransitionNotAllowed)

OfMilestone = Annotated[str | None, Query(max_length=64, description="Only those of this milestone, the newest first.")]
OfStatus = Annotated[Status | None, Query(description="Only of this status; without a milestone, `pending`.")]
DueBefore = Annotated[
    str | None, Query(max_length=10, description="Without a milestone: only those due before this day, YYYY-MM-DD.")
]


@api.operation(
    "POST",
    ESCALATIONS,
    scope=WRITE,
    summary="Raise an escalation",
    answers={201: replies.Escalation},
    refusals=(*BODY, ProjectMilestoneNotFound, RoleRequired, EscalationOpen, EscalationNotPossible, *KEYED),
)
def raise_escalation(draft: Annotated["EscalationDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Say that a milestone is in trouble; for members of the project who do more than look on.

    One that blocks work stops the milestone while it is open; it is for managers and the primary owner.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, raising.raise_(api.caller, draft.project_milestone_id, draft.fields(), claim=claim))


@api.operation(
    "GET",
    ESCALATIONS,
    scope=READ,
    summary="List escalations",
    answers={200: replies.Escalations},
    refusals=(Malformed, InvalidInput, ProjectMilestoneNotFound),
)
def list_escalations(
    project_milestone_id: OfMilestone = None,
    status: OfStatus = None,
    due_before: DueBefore = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """List the escalations of a milestone, or those of your projects that are due first.

    A page may have fewer items than `limit`, even none, and be followed by another as long as there is a `next_cursor`.
    """
    if project_milestone_id is None:
        page = reading.page_of_status(api.caller, status, due_before, limit=limit, cursor=cursor)
    else:
        page = reading.page_of_milestone(api.caller, project_milestone_id, status, limit=limit, cursor=cursor)
    return resolver.page(page)


@api.operation(
    "GET",
    ESCALATION,
    scope=READ,
    summary="Show an escalation",
    answers={200: replies.Escalation},
    refusals=(EscalationNotFound,),
)
def show_escalation(escalation_id: str) -> Response:
    """Show an escalation, what is to be done about it, and what may happen to it next."""
    return answer(200, reading.escalation(api.caller, escalation_id))


@api.operation(
    "POST",
    f"{ESCALATION}/acknowledge",
    scope=WRITE,
    summary="Acknowledge an escalation",
    answers={200: replies.Escalation},
    refusals=(Malformed, *MOVING, *KEYED),
    problems=PROBLEMS,
)
def acknowledge_escalation(
    escalation_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Say that you see to an escalation; for managers and the primary owner."""
    claim = resolver.claim(idempotency_key)
    return answer(200, commands.advance(api.caller, escalation_id, "acknowledge", if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{ESCALATION}/escalate",
    scope=WRITE,
    summary="Take an escalation to the next level",
    answers={200: replies.Escalation},
    refusals=(Malformed, *MOVING, EscalationAtLastLevel, *KEYED),
    problems=PROBLEMS,
)
def escalate_escalation(
    escalation_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Take an open escalation to the next level; for managers, the primary owner and whoever raised it."""
    claim = resolver.claim(idempotency_key)
    return answer(200, commands.advance(api.caller, escalation_id, "escalate", if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{ESCALATION}/resolve",
    scope=WRITE,
    summary="Resolve an escalation",
    answers={200: replies.Escalation},
    refusals=(*BODY, *MOVING, PaymentCommitted, *KEYED),
    problems=PROBLEMS,
)
def resolve_escalation(
    escalation_id: str,
    sent: Annotated["EscalationResolved", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Say how the trouble has ended; for managers and the primary owner. The milestone goes on after the last."""
    claim = resolver.claim(idempotency_key, sent)
    moved = commands.advance(
        api.caller, escalation_id, "resolve", if_match=if_match, reason=sent.resolution, claim=claim
    )
    return answer(200, moved)


@api.operation(
    "POST",
    f"{ESCALATION}/close",
    scope=WRITE,
    summary="Close an escalation",
    answers={200: replies.Escalation},
    refusals=(Malformed, *MOVING, *KEYED),
    problems=PROBLEMS,
)
def close_escalation(escalation_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Close a resolved escalation; for managers, the primary owner and whoever raised it."""
    claim = resolver.claim(idempotency_key)
    return answer(200, commands.advance(api.caller, escalation_id, "close", if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{ESCALATION}/reject",
    scope=WRITE,
    summary="Reject an escalation",
    answers={200: replies.Escalation},
    refusals=(*BODY, *MOVING, PaymentCommitted, *KEYED),
    problems=PROBLEMS,
)
def reject_escalation(
    escalation_id: str,
    sent: Annotated["EscalationReasonSent", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Say that there is no such trouble, with a reason; for managers. The milestone goes on after the last."""
    claim = resolver.claim(idempotency_key, sent)
    moved = commands.advance(api.caller, escalation_id, "reject", if_match=if_match, reason=sent.reason, claim=claim)
    return answer(200, moved)
