"""Financing requests over REST: how advances are asked for, looked at, approved and rejected."""

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Final

from functions.payments import resolver
from functions.payments.access import FinanceRequired
from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.financing import deciding, reading, requesting
from functions.payments.financing.annuity import InstalmentsTooSmall
from functions.payments.financing.deciding import FinancingApproverRequired, FinancingDecided, SeparationOfFinancing
from functions.payments.financing.financings import FinancingNotFound, FinancingTransitionNotAllowed
from functions.payments.financing.pledges import AlreadyPledged, NotPledgeable
from functions.payments.financing.requesting import AdvanceTooHigh
from functions.payments.financing.transition import Status
from functions.payments.invoices.invoices import InvoiceNotFound
from functions.payments.resolver import BODY, KEYED, READ, RELEASE, WRITE, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.api.routes import ProblemForm
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.financing.shapes import FinancingApproved, FinancingRejected, FinancingRequested

replies = Replies("functions.payments.financing.replies")

SENT = Body("functions.payments.financing.shapes")
REQUESTS: Final = "/api/v1/financing-requests"
REQUEST: Final = f"{REQUESTS}/<financing_id>"
PROBLEMS = ProblemForm(attrgetter("members"), replies.FinancingTransitionProblem)
"""A refused transition says which ones are allowed."""
MOVING: Final = (FinancingNotFound, VersionChanged, FinancingTransitionNotAllowed)

OfStatus = Annotated[Status | None, Query(description="Only of this status.")]


@api.operation(
    "POST",
    REQUESTS,
    scope=WRITE,
    summary="Ask for an advance",
    answers={201: replies.Financing},
    refusals=(
        *(*BODY, *KEYED, BilledMilestoneNotFound, InvoiceNotFound, FinanceRequired),
        *(AlreadyPledged, NotPledgeable, AdvanceTooHigh, InstalmentsTooSmall),
    ),
)
def request_financing(sent: Annotated["FinancingRequested", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Ask for an advance on milestones and invoices of a project, which are pledged for it; for managers and finance.

    What is pledged for one advance is not pledged for another until that one is rejected or repaid.
    """
    claim = resolver.claim(idempotency_key, sent)
    return answer(201, requesting.request(api.caller, sent.asked(), claim=claim))


@api.operation(
    "GET",
    REQUESTS,
    scope=READ,
    summary="List financing requests",
    answers={200: replies.FinancingRequests},
    refusals=(Malformed,),
)
def list_financing_requests(status: OfStatus = None, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the financing requests of projects whose managers and finance you belong to, the newest first.

    A page may have fewer items than `limit`, even none, and be followed by another as long as there is a `next_cursor`.
    """
    return resolver.page(reading.page(api.caller, status, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    REQUEST,
    scope=READ,
    summary="Show a financing request",
    answers={200: replies.Financing},
    refusals=(FinancingNotFound,),
)
def show_financing_request(financing_id: str) -> Response:
    """Show a financing request: what is pledged for it, and who has approved it."""
    return answer(200, reading.financing(api.caller, financing_id))


@api.operation(
    "POST",
    f"{REQUEST}/approve",
    scope=RELEASE,
    assurance=RECENT_SECOND_FACTOR,
    summary="Approve an advance",
    answers={200: replies.Financing},
    refusals=(*BODY, *MOVING, SeparationOfFinancing, FinancingApproverRequired, FinancingDecided, *KEYED),
    problems=PROBLEMS,
)
def approve_financing(
    financing_id: str,
    sent: Annotated["FinancingApproved", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Approve an advance in the layer that is asked now; for people who have neither asked for it nor decided on it."""
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, deciding.approve(api.caller, financing_id, sent.note, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{REQUEST}/reject",
    scope=RELEASE,
    summary="Reject or withdraw an advance",
    answers={200: replies.Financing},
    refusals=(*BODY, *MOVING, FinancingApproverRequired, *KEYED),
    problems=PROBLEMS,
)
def reject_financing(
    financing_id: str,
    sent: Annotated["FinancingRejected", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Reject an advance that is not paid out yet, or withdraw your own. What is pledged for it is free again."""
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, deciding.reject(api.caller, financing_id, sent.reason, if_match=if_match, claim=claim))
