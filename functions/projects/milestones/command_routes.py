"""What people let happen to a milestone, over REST."""

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.layers.seating import NoEligibleApprover, TooManyApprovers
from functions.projects.milestones import commands
from functions.projects.milestones.gates import InvoiceOpen, PaymentCommitted
from functions.projects.milestones.guards import (
    CriteriaOpen,
    CriterionNotFound,
    DependenciesOpen,
    OwnerMissing,
    ProgressDecreased,
    ProgressDerived,
    SeparationOfDuties,
    TransitionNotAllowed,
)
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.milestones.transition import Event
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, DECIDE, KEYED, MILESTONE, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.api.routes import ProblemForm
from shared.errors import Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.milestones.shapes import CriterionSent, ProgressSent, ReasonSent

replies = Replies("functions.projects.milestones.replies")

SENT = Body("functions.projects.milestones.shapes")
PROBLEMS = ProblemForm(attrgetter("members"), replies.TransitionProblem)
"""A refused transition says which ones are allowed; a refused completion names the open criteria."""
_MOVING = (ProjectMilestoneNotFound, RoleRequired, VersionChanged, TransitionNotAllowed)


def _moved(
    milestone_id: str, event: Event, *, key: str | None, if_match: str | None, sent: "ReasonSent | None" = None
) -> Response:
    claim = resolver.claim(key, sent)
    reason = None if sent is None else sent.reason
    moved = commands.advance(api.caller, milestone_id, event, if_match=if_match, reason=reason, claim=claim)
    return answer(200, moved)


@api.operation(
    "POST",
    f"{MILESTONE}/activate",
    scope=WRITE,
    summary="Activate a milestone",
    answers={200: replies.ProjectMilestone},
    refusals=(Malformed, *_MOVING, OwnerMissing, NoEligibleApprover, TooManyApprovers, *KEYED),
    problems=PROBLEMS,
)
def activate_project_milestone(
    project_milestone_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Let a draft be started; for managers and creators. It takes a primary owner who has accepted.

    It is pending as long as a milestone that it depends on is not as far as that takes.
    """
    return _moved(project_milestone_id, "activate", key=idempotency_key, if_match=if_match)


@api.operation(
    "POST",
    f"{MILESTONE}/start",
    scope=WRITE,
    summary="Start a milestone",
    answers={200: replies.ProjectMilestone},
    refusals=(Malformed, *_MOVING, DependenciesOpen, *KEYED),
    problems=PROBLEMS,
)
def start_project_milestone(
    project_milestone_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Begin to work on a milestone, also on a pending one once nothing that guards its start is open.

    For managers and its primary owner.
    """
    return _moved(project_milestone_id, "start", key=idempotency_key, if_match=if_match)


@api.operation(
    "POST",
    f"{MILESTONE}/complete",
    scope=WRITE,
    summary="Complete a milestone",
    answers={200: replies.ProjectMilestone},
    refusals=(Malformed, *_MOVING, CriteriaOpen, DependenciesOpen, *KEYED),
    problems=PROBLEMS,
)
def complete_project_milestone(
    project_milestone_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Complete a milestone whose criteria are met; for managers and its primary owner.

    The layers of its `verification_policy` begin. Without one it is verified at once, and approved at once if its
    `acceptance` is `none`.
    """
    return _moved(project_milestone_id, "complete", key=idempotency_key, if_match=if_match)


@api.operation(
    "POST",
    f"{MILESTONE}/recall",
    scope=WRITE,
    summary="Recall a milestone",
    answers={200: replies.ProjectMilestone},
    refusals=(Malformed, *_MOVING, PaymentCommitted, *KEYED),
    problems=PROBLEMS,
)
def recall_project_milestone(
    project_milestone_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Take a completed milestone back from its layers, which are withdrawn; for managers and for who completed it."""
    return _moved(project_milestone_id, "recall", key=idempotency_key, if_match=if_match)


@api.operation(
    "POST",
    f"{MILESTONE}/accept",
    scope=DECIDE,
    summary="Accept a milestone",
    answers={200: replies.ProjectMilestone},
    refusals=(Malformed, *_MOVING, SeparationOfDuties, *KEYED),
    problems=PROBLEMS,
)
def accept_project_milestone(
    project_milestone_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Approve a verified milestone; for managers or clients of the project, as its `acceptance` says."""
    return _moved(project_milestone_id, "accept", key=idempotency_key, if_match=if_match)


@api.operation(
    "POST",
    f"{MILESTONE}/refuse",
    scope=DECIDE,
    summary="Refuse a milestone",
    answers={200: replies.ProjectMilestone},
    refusals=(*BODY, *_MOVING, SeparationOfDuties, PaymentCommitted, *KEYED),
    problems=PROBLEMS,
)
def refuse_project_milestone(
    project_milestone_id: str,
    sent: Annotated["ReasonSent", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Reject a verified milestone with a reason; for managers or clients of the project, as its `acceptance` says."""
    return _moved(project_milestone_id, "reject", key=idempotency_key, if_match=if_match, sent=sent)


@api.operation(
    "POST",
    f"{MILESTONE}/rework",
    scope=WRITE,
    summary="Work on a milestone again",
    answers={200: replies.ProjectMilestone},
    refusals=(Malformed, *_MOVING, PaymentCommitted, *KEYED),
    problems=PROBLEMS,
)
def rework_project_milestone(
    project_milestone_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Begin the next attempt at a rejected milestone; for managers and its primary owner."""
    return _moved(project_milestone_id, "rework", key=idempotency_key, if_match=if_match)


@api.operation(
    "POST",
    f"{MILESTONE}/cancel",
    scope=WRITE,
    summary="Cancel a milestone",
    answers={200: replies.ProjectMilestone},
    refusals=(*BODY, *_MOVING, InvoiceOpen, *KEYED),
    problems=PROBLEMS,
)
def cancel_project_milestone(
    project_milestone_id: str,
    sent: Annotated["ReasonSent", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Cancel a milestone with a reason; for managers. It counts no more."""
    return _moved(project_milestone_id, "cancel", key=idempotency_key, if_match=if_match, sent=sent)


@api.operation(
    "PUT",
    f"{MILESTONE}/progress",
    scope=WRITE,
    summary="Set the progress of a milestone",
    answers={200: replies.ProjectMilestone},
    refusals=(*BODY, *_MOVING, ProgressDerived, ProgressDecreased),
    problems=PROBLEMS,
)
def set_project_milestone_progress(
    project_milestone_id: str, sent: Annotated["ProgressSent", SENT], if_match: IfMatch = None
) -> Response:
    """Say how far a milestone is, in percent; for managers and its primary owner.

    At 100 it is completed. With open criteria it stays, and is completed when the last of them is met;
    `completion_blocked_by` names them.
    """
    return answer(200, commands.set_progress(api.caller, project_milestone_id, sent.progress, if_match=if_match))


@api.operation(
    "PUT",
    f"{MILESTONE}/checklist/<criterion_key>",
    scope=WRITE,
    summary="Say whether a criterion is met",
    answers={200: replies.ProjectMilestone},
    refusals=(*BODY, *_MOVING, CriterionNotFound),
    problems=PROBLEMS,
)
def set_project_milestone_criterion(
    project_milestone_id: str,
    criterion_key: str,
    sent: Annotated["CriterionSent", SENT],
    if_match: IfMatch = None,
) -> Response:
    """Say whether a criterion of a milestone is met; for managers and its primary owner."""
    checked = commands.check(api.caller, project_milestone_id, criterion_key, is_met=sent.is_met, if_match=if_match)
    return answer(200, checked)
