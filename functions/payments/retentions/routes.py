"""Retentions over REST."""

from functions.payments import resolver
from functions.payments.access import FinanceRequired
from functions.payments.credits.crediting import RetentionInvoiced
from functions.payments.invoices.invoices import InvoiceNotFound
from functions.payments.invoices.routes import INVOICE, ISSUED, replies
from functions.payments.resolver import KEYED, WRITE, api
from functions.payments.retentions import invoicing
from functions.payments.retentions.invoicing import NothingRetained, RetentionNotDue
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.errors import InvalidInput, Malformed


@api.operation(
    "POST",
    f"{INVOICE}/retention",
    scope=WRITE,
    summary="Invoice what an invoice kept back",
    answers={201: replies.Invoice},
    refusals=(
        Malformed,
        InvalidInput,
        InvoiceNotFound,
        FinanceRequired,
        RetentionInvoiced,
        NothingRetained,
        RetentionNotDue,
        *ISSUED,
        *KEYED,
    ),
)
def create_retention_invoice(invoice_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Issue an invoice of what another one kept back, with its tax; for managers and finance.

    It is due when the project is completed, or with `retention_days` so many days after the issue of the other one.
    With `auto_invoice` it is then issued by itself.
    """
    return answer(201, invoicing.create(api.caller, invoice_id, claim=resolver.claim(idempotency_key)))
