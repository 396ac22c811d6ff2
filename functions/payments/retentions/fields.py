"""Retentions over GraphQL, on the functions that REST calls too."""

from functions.payments.graphql import View, claim, graphql
from functions.payments.invoices.fields import shown
from functions.payments.resolver import WRITE
from functions.payments.retentions import invoicing


@graphql.field("Mutation", "invoiceRetention", scope=WRITE)
def invoice_retention(invoice_id: str) -> View:
    """Issue an invoice of what another one kept back."""
    return shown(invoicing.create(graphql.caller, invoice_id, claim=claim()))
