"""Invoices over REST: what becomes of them."""

from typing import TYPE_CHECKING, Annotated

from functions.payments import resolver
from functions.payments.access import FinanceRequired
from functions.payments.billing.shares import OverInvoiced
from functions.payments.invoices import lifecycle, receipts
from functions.payments.invoices.asking import MilestoneWithoutAmount
from functions.payments.invoices.invoices import InvoiceNotFound
from functions.payments.invoices.lifecycle import InvoiceIssued
from functions.payments.invoices.receipts import InvoiceNotOpen, MoreThanDue
from functions.payments.invoices.routes import INVOICE, ISSUED, SENT, replies
from functions.payments.resolver import BODY, KEYED, WRITE, api
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.invoices.shapes import PaymentRecorded

_MOVING = (InvoiceNotFound, FinanceRequired, VersionChanged)


@api.operation(
    "POST",
    f"{INVOICE}/issue",
    scope=WRITE,
    summary="Issue a draft of an invoice",
    answers={200: replies.Invoice},
    refusals=(
        Malformed,
        InvalidInput,
        *_MOVING,
        InvoiceIssued,
        *ISSUED,
        MilestoneWithoutAmount,
        OverInvoiced,
        *KEYED,
    ),
)
def issue_invoice(invoice_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Give a draft its number and make it final; for managers and finance."""
    claim = resolver.claim(idempotency_key)
    return answer(200, lifecycle.issue(api.caller, invoice_id, if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{INVOICE}/record-payment",
    scope=WRITE,
    summary="Record a payment of an invoice",
    answers={200: replies.Invoice},
    refusals=(*BODY, *_MOVING, InvoiceNotOpen, MoreThanDue, *KEYED),
)
def record_payment(
    invoice_id: str,
    sent: Annotated["PaymentRecorded", SENT],
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Record what a client paid outside of Milepost, in parts or at once; for managers and finance."""
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, receipts.record(api.caller, invoice_id, sent.fields(), if_match=if_match, claim=claim))
