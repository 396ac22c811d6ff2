"""Several invoices over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.payments import resolver
from functions.payments.bulk import invoicing
from functions.payments.invoices.routes import INVOICES
from functions.payments.resolver import BODY, KEYED, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer

if TYPE_CHECKING:
    from functions.payments.bulk.shapes import InvoicesWanted

replies = Replies("functions.payments.bulk.replies")

SENT = Body("functions.payments.bulk.shapes")


@api.operation(
    "POST",
    f"{INVOICES}/bulk",
    scope=WRITE,
    summary="Invoice several milestones",
    answers={200: replies.InvoiceOutcomes},
    refusals=(*BODY, *KEYED),
)
def create_invoices(sent: Annotated["InvoicesWanted", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Issue invoices of up to 100 milestones, or make drafts of them, each by itself, and say what became of each.

    Each takes what it takes alone. With an `Idempotency-Key`, a request that broke off is sent again and goes on: what
    was issued is answered as before.
    """
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, invoicing.issue(api.caller, sent.wanted(), claim=claim))
