"""Credit notes over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.payments import resolver
from functions.payments.access import FinanceRequired
from functions.payments.credits import crediting, reading
from functions.payments.credits.credit import CreditTooHigh
from functions.payments.credits.crediting import InvoicePartlyPaid, RetentionInvoiced
from functions.payments.invoices.invoices import InvoiceNotFound
from functions.payments.invoices.receipts import InvoiceNotOpen
from functions.payments.invoices.routes import INVOICE
from functions.payments.invoices.routes import replies as invoice_replies
from functions.payments.resolver import BODY, KEYED, READ, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.credits.shapes import CreditNoteDraft, InvoiceCancelled

replies = Replies("functions.payments.credits.replies")

SENT = Body("functions.payments.credits.shapes")
_CREDITED = (
    InvoiceNotFound,
    FinanceRequired,
    VersionChanged,
    InvoiceNotOpen,
    InvoicePartlyPaid,
    RetentionInvoiced,
    CreditTooHigh,
)


@api.operation(
    "POST",
    f"{INVOICE}/credit-notes",
    scope=WRITE,
    summary="Credit an invoice",
    answers={201: replies.CreditNote},
    refusals=(*BODY, *_CREDITED, *KEYED),
)
def create_credit_note(
    invoice_id: str,
    draft: Annotated["CreditNoteDraft", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Take back lines of an issued invoice, or all that is left of it; for managers and finance.

    Credit notes over all lines come to the invoice exactly, in any order. Then it is cancelled.
    """
    claim = resolver.claim(idempotency_key, draft)
    issued = crediting.issue(api.caller, invoice_id, draft.asked(), draft.reason, if_match=if_match, claim=claim)
    return answer(201, issued)


@api.operation(
    "GET",
    f"{INVOICE}/credit-notes",
    scope=READ,
    summary="List the credit notes of an invoice",
    answers={200: replies.CreditNotes},
    refusals=(Malformed, InvalidInput, InvoiceNotFound),
)
def list_credit_notes(invoice_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the credit notes of an invoice, the oldest first."""
    return resolver.page(reading.of_invoice(api.caller, invoice_id, limit=limit, cursor=cursor))


@api.operation(
    "POST",
    f"{INVOICE}/cancel",
    scope=WRITE,
    summary="Cancel an invoice",
    answers={200: invoice_replies.Invoice},
    refusals=(*BODY, *_CREDITED, *KEYED),
)
def cancel_invoice(
    invoice_id: str,
    sent: Annotated["InvoiceCancelled", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Cancel an issued invoice by a credit note of all that is left of it; for managers and finance.

    Its share of the milestone can be invoiced again.
    """
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, crediting.cancel(api.caller, invoice_id, sent.reason, if_match=if_match, claim=claim))
