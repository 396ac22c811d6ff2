"""Several invoices over GraphQL."""

from typing import Any

from functions.payments.bulk import invoicing, many
from functions.payments.graphql import View, claim, graphql
from functions.payments.invoices.fields import sent_with_lines
from functions.payments.resolver import WRITE
from shared.errors import InvalidInput


@graphql.field("Mutation", "createInvoices", scope=WRITE)
def create_invoices(invoices: list[dict[str, Any]]) -> list[View]:
    """Issue invoices of several milestones, or make drafts of them."""
    from functions.payments.bulk import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = shapes.InvoicesWanted.model_validate({"invoices": [sent_with_lines(each) for each in invoices]})
    if len(invoices) > invoicing.MOST:
        raise InvalidInput.of("invoices", f"must be {invoicing.MOST} at most; createManyInvoices takes more")
    made: list[View] = invoicing.issue(graphql.caller, sent.wanted(), claim=claim())["items"]
    return made


@graphql.field("Mutation", "createManyInvoices", scope=WRITE)
def create_many_invoices(invoices: list[dict[str, Any]]) -> View:
    """Issue invoices of many milestones, or make drafts of them, and resolve the job that does it."""
    from functions.payments.bulk import shapes  # noqa: PLC0415 - as above

    sent = shapes.InvoicesWanted.model_validate({"invoices": [sent_with_lines(each) for each in invoices]})
    return many.begin(graphql.caller, sent.wanted(), claim=claim())
