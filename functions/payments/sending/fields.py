"""The sending of invoices over GraphQL."""

from functions.payments.graphql import View, claim, graphql, if_match
from functions.payments.invoices.fields import shown
from functions.payments.resolver import WRITE
from functions.payments.sending import requesting


@graphql.field("Mutation", "sendInvoice", scope=WRITE)
def send_invoice(invoice_id: str, again: bool | None = None, expected_version: int | None = None) -> View:  # noqa: FBT001
    """Mail an invoice to its client."""
    match = if_match(expected_version)
    return shown(requesting.request(graphql.caller, invoice_id, again=bool(again), if_match=match, claim=claim()))
