"""Documents over GraphQL, on the functions that REST calls too."""

from functions.payments.graphql import View, graphql
from functions.payments.papers import reading
from functions.payments.resolver import READ


@graphql.field("Query", "invoicePaper", scope=READ)
def invoice_paper(invoice_id: str, credit_note_id: str | None = None) -> View:
    """Resolve the PDF of an invoice, or of a credit note of it."""
    return reading.pdf(graphql.caller, invoice_id, credit_note_id)
