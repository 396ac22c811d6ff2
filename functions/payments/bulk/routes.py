"""Several invoices over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.payments import resolver
from functions.payments.bulk import invoicing, many
from functions.payments.invoices.routes import INVOICES
from functions.payments.resolver import BODY, KEYED, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.jobs.jobs import TooManyJobs

if TYPE_CHECKING:
    from functions.payments.bulk.shapes import InvoicesWanted

replies = Replies("functions.payments.bulk.replies")

SENT = Body("functions.payments.bulk.shapes")


@api.operation(
    "POST",
    f"{INVOICES}/bulk",
    scope=WRITE,
    summary="Invoice several milestones",
    answers={200: replies.InvoiceOutcomes, 202: replies.Job},
    refusals=(*BODY, TooManyJobs, *KEYED),
)
def create_invoices(sent: Annotated["InvoicesWanted", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Issue invoices of several milestones, or make drafts of them, each by itself, and say what became of each.

    Each takes what it takes alone. Up to 100 are answered at once. With an `Idempotency-Key`, a request that broke off
    is sent again and goes on: what was issued is answered as before.
    More, 2,000 at most, are a job, whose rows at `GET /api/v1/jobs/{job_id}/rows` say what became of each.
    """
    wanted, claim = sent.wanted(), resolver.claim(idempotency_key, sent)
    if len(wanted) > invoicing.MOST:
        begun = many.begin(api.caller, wanted, claim=claim)
        return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})
    return answer(200, invoicing.issue(api.caller, wanted, claim=claim))
