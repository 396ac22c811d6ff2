"""The sending of invoices over REST."""

from dataclasses import replace
from typing import Annotated

from functions.payments import resolver
from functions.payments.access import FinanceRequired
from functions.payments.invoices.invoices import InvoiceNotFound
from functions.payments.invoices.routes import INVOICE, replies
from functions.payments.resolver import KEYED, WRITE, api
from functions.payments.sending import requesting
from functions.payments.sending.requesting import (
    BuyerWithoutEmail,
    InvoiceNotSendable,
    InvoiceOnItsWay,
    InvoiceSent,
    SentTooOften,
)
from shared.api.declarations import Query
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

Again = Annotated[bool, Query(description="`true` sends once more what was sent before.")]


@api.operation(
    "POST",
    f"{INVOICE}/send",
    scope=WRITE,
    summary="Mail an invoice to its client",
    answers={202: replies.Invoice},
    refusals=(
        Malformed,
        InvalidInput,
        InvoiceNotFound,
        FinanceRequired,
        VersionChanged,
        InvoiceNotSendable,
        BuyerWithoutEmail,
        InvoiceSent,
        InvoiceOnItsWay,
        SentTooOften,
        *KEYED,
    ),
)
def send_invoice(
    invoice_id: str, again: Again = False, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Response:
    """Mail the PDF of an issued invoice to the e-mail address of the client; for managers and finance.

    The mail follows within seconds, and `sending` says what came of it. A second one takes `again`, ten at most.
    """
    claim = resolver.claim(idempotency_key)
    if claim is not None and again:
        # The query is no part of what a key stands for.
        claim = replace(claim, fingerprint=f"{claim.fingerprint}.again")
    return answer(202, requesting.request(api.caller, invoice_id, again=again, if_match=if_match, claim=claim))
