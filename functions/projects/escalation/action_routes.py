"""What is to be done about escalations, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.escalation import actions
from functions.projects.escalation.actions import ActionDone, EscalationActionNotFound, TooManyActions
from functions.projects.escalation.routes import ESCALATION, MOVING, PROBLEMS, SENT, replies
from functions.projects.milestones.gates import PaymentCommitted
from functions.projects.resolver import BODY, KEYED, WRITE, api
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.errors import Malformed

if TYPE_CHECKING:
    from functions.projects.escalation.shapes import EscalationActionDraft


@api.operation(
    "POST",
    f"{ESCALATION}/actions",
    scope=WRITE,
    summary="Add an action to an escalation",
    answers={201: replies.Escalation},
    refusals=(*BODY, *MOVING, TooManyActions, *KEYED),
    problems=PROBLEMS,
)
def add_escalation_action(
    escalation_id: str,
    draft: Annotated["EscalationActionDraft", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Say what is to be done about an open escalation; for managers, the primary owner and whoever raised it."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, actions.add(api.caller, escalation_id, draft.model_dump(), if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{ESCALATION}/actions/<action_id>/complete",
    scope=WRITE,
    summary="Complete an action of an escalation",
    answers={200: replies.Escalation},
    refusals=(Malformed, *MOVING, EscalationActionNotFound, ActionDone, PaymentCommitted, *KEYED),
    problems=PROBLEMS,
)
def complete_escalation_action(
    escalation_id: str, action_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Say that an action is done; for whoever is to do it, managers, the primary owner and whoever raised it.

    The last action that is done resolves the escalation.
    """
    claim = resolver.claim(idempotency_key)
    return answer(200, actions.complete(api.caller, escalation_id, action_id, if_match=if_match, claim=claim))
