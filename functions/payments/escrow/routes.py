"""Deposits over REST. Their paths are below those of projects, and API Gateway knows each of them."""

from typing import TYPE_CHECKING, Annotated

from functions.payments import resolver
from functions.payments.access import AmountsHidden, FinanceRequired, PersonRequired
from functions.payments.escrow import deposits, returning
from functions.payments.escrow.deposits import ProjectNotActive
from functions.payments.escrow.returning import MoreThanHeld
from functions.payments.resolver import BODY, KEYED, READ, RELEASE, WRITE, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.callers.project_members import ProjectNotFound
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import InvalidInput

if TYPE_CHECKING:
    from functions.payments.escrow.shapes import DepositDraft, DepositReturned

replies = Replies("functions.payments.escrow.replies")

SENT = Body("functions.payments.escrow.shapes")
Currency = Annotated[
    str | None, Query(min_length=3, max_length=3, description="ISO 4217; without it, that of the project.")
]
DEPOSITS = "/api/v1/projects/<project_id>/deposits"


@api.operation(
    "POST",
    DEPOSITS,
    scope=WRITE,
    summary="Deposit an amount for a project",
    answers={201: replies.Deposit},
    refusals=(*BODY, *KEYED, ProjectNotFound, FinanceRequired, ProjectNotActive),
)
def make_deposit(
    project_id: str, draft: Annotated["DepositDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Record that the client has deposited an amount for an active project, for its managers and its finance.

    If the project has the option `escrow`, its payments are released from its deposits alone, and never for more than
    there is. What waits for a deposit is looked at again at once.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, deposits.make(api.caller, project_id, draft.fields(), claim=claim))


@api.operation(
    "POST",
    f"{DEPOSITS}/return",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Pay deposits back to the client",
    answers={201: replies.DepositReturn},
    refusals=(*BODY, *KEYED, ProjectNotFound, FinanceRequired, PersonRequired, MoreThanHeld),
)
def return_deposits(
    project_id: str, sent: Annotated["DepositReturned", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Record that an amount of the deposits for a project was paid back, or all that is left, whatever its status.

    For its managers and its finance. What is on its way out is not part of what is left.
    """
    claim = resolver.claim(idempotency_key, sent)
    back = returning.give_back(api.caller, project_id, sent.amount_minor_units, sent.reason, claim=claim)
    return answer(201, back)


@api.operation(
    "GET",
    DEPOSITS,
    scope=READ,
    summary="Show what is held for a project",
    answers={200: replies.Deposits},
    refusals=(InvalidInput, ProjectNotFound, AmountsHidden),
)
def show_deposits(project_id: str, currency: Currency = None) -> Response:
    """Show what was deposited, paid and paid back for a project, what is left and what waits, to who sees amounts."""
    return answer(200, deposits.held(api.caller, project_id, currency))
