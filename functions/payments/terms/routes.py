"""Terms over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.payments.access import AmountsHidden, FinanceRequired
from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.resolver import ADMIN, BODY, READ, WRITE, api
from functions.payments.terms import changing
from functions.payments.terms.changing import TermsFrozen
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IfMatch, answer
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.terms.shapes import PaymentTermsSent

replies = Replies("functions.payments.terms.replies")

SENT = Body("functions.payments.terms.shapes")
USUAL: Final = "/api/v1/payment-terms"
TERMS: Final = "/api/v1/project-milestones/<project_milestone_id>/payment-terms"


@api.operation(
    "GET",
    USUAL,
    scope=READ,
    summary="Show the usual payment terms",
    answers={200: replies.UsualTerms},
    refusals=(),
)
def show_usual_payment_terms() -> Response:
    """Show the terms that milestones of your tenant without terms of their own go by."""
    return answer(200, changing.usual(api.caller))


@api.operation(
    "PUT",
    USUAL,
    scope=ADMIN,
    summary="Set the usual payment terms",
    answers={200: replies.UsualTerms},
    refusals=(*BODY, VersionChanged),
)
def put_usual_payment_terms(sent: Annotated["PaymentTermsSent", SENT], if_match: IfMatch = None) -> Response:
    """Set the terms that milestones of your tenant without terms of their own go by, from the next invoice on."""
    return answer(200, changing.put_usual(api.caller, sent.fields(), if_match=if_match))


@api.operation(
    "GET",
    TERMS,
    scope=READ,
    summary="Show the payment terms of a milestone",
    answers={200: replies.MilestoneTerms},
    refusals=(BilledMilestoneNotFound, AmountsHidden),
)
def show_payment_terms(project_milestone_id: str) -> Response:
    """Show on which terms a milestone is invoiced: its own, or those of your tenant."""
    return answer(200, changing.show(api.caller, project_milestone_id))


@api.operation(
    "PUT",
    TERMS,
    scope=WRITE,
    summary="Set the payment terms of a milestone",
    answers={200: replies.MilestoneTerms},
    refusals=(*BODY, BilledMilestoneNotFound, AmountsHidden, FinanceRequired, VersionChanged, TermsFrozen),
)
def put_payment_terms(
    project_milestone_id: str, sent: Annotated["PaymentTermsSent", SENT], if_match: IfMatch = None
) -> Response:
    """Give a milestone terms of its own, until it is completed or invoiced; for managers and finance."""
    return answer(200, changing.put(api.caller, project_milestone_id, sent.fields(), if_match=if_match))
