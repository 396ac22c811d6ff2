"""Credit notes over GraphQL, on the functions that REST calls too."""

from typing import Any

from functions.payments.credits import crediting, reading
from functions.payments.graphql import View, claim, graphql, if_match, with_minor_units, with_money, without_nulls
from functions.payments.invoices.fields import of_currency
from functions.payments.invoices.fields import shown as shown_invoice
from functions.payments.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of


@graphql.field("Query", "creditNotes", scope=READ)
def credit_notes(invoice_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the credit notes of an invoice."""
    found, token = reading.of_invoice(graphql.caller, invoice_id, limit=limit_of(limit), cursor=next_token)
    return connection(([_shown(each) for each in found], token))


@graphql.field("Mutation", "createCreditNote", scope=WRITE)
def create_credit_note(
    invoice_id: str,
    input: dict[str, Any],  # noqa: A002 - the name clients expect
    expected_version: int | None = None,
) -> View:
    """Credit an invoice."""
    from functions.payments.credits import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    sent = without_nulls(input)
    lines = [with_minor_units(without_nulls(each), "net_minor_units") for each in sent.get("lines", [])]
    draft = shapes.CreditNoteDraft.model_validate({**sent, "lines": lines})
    match = if_match(expected_version)
    return _shown(
        crediting.issue(graphql.caller, invoice_id, draft.asked(), draft.reason, if_match=match, claim=claim())
    )


@graphql.field("Mutation", "cancelInvoice", scope=WRITE)
def cancel_invoice(invoice_id: str, reason: str, expected_version: int | None = None) -> View:
    """Cancel an issued invoice."""
    from functions.payments.credits import shapes  # noqa: PLC0415 - as above

    sent = shapes.InvoiceCancelled.model_validate({"reason": reason})
    match = if_match(expected_version)
    return shown_invoice(crediting.cancel(graphql.caller, invoice_id, sent.reason, if_match=match, claim=claim()))


def _shown(view: View) -> View:
    return with_money(view) | {name: of_currency(view, name) for name in ("lines", "taxes")}
