"""Invoices over GraphQL, on the functions that REST calls too."""

from collections.abc import Mapping
from typing import Any

from functions.payments.graphql import View, claim, graphql, if_match, with_minor_units, with_money, without_nulls
from functions.payments.invoices import lifecycle, reading, receipts
from functions.payments.invoices.invoices import Status
from functions.payments.resolver import READ, WRITE
from shared.api.graphql import connection, limit_of

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "invoice", scope=READ)
def invoice(invoice_id: str) -> View:
    """Resolve one invoice."""
    return shown(reading.invoice(graphql.caller, invoice_id))


@graphql.field("Query", "invoices", scope=READ)
def invoices(
    project_milestone_id: str | None = None,
    project_id: str | None = None,
    status: Status | None = None,
    due_before: str | None = None,
    limit: int | None = None,
    next_token: str | None = None,
) -> View:
    """Resolve a page of the invoices of a milestone, of a project, or of the tenant."""
    caller, most = graphql.caller, limit_of(limit)
    if project_milestone_id is not None:
        found, token = reading.of_milestone(caller, project_milestone_id, limit=most, cursor=next_token)
    elif project_id is not None:
        found, token = reading.of_project(caller, project_id, status, limit=most, cursor=next_token)
    else:
        found, token = reading.page_of_tenant(caller, status, due_before, limit=most, cursor=next_token)
    return connection(([shown(each) for each in found], token))


@graphql.field("Mutation", "createInvoice", scope=WRITE)
def create_invoice(project_milestone_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Issue an invoice of a milestone, or keep it as a draft."""
    from functions.payments.invoices import shapes  # noqa: PLC0415

    draft = shapes.InvoiceDraft.model_validate(sent_with_lines(input))
    made = lifecycle.create(graphql.caller, project_milestone_id, draft.asked(), as_draft=draft.draft, claim=claim())
    return shown(made)


@graphql.field("Query", "invoicePreview", scope=READ)
def invoice_preview(project_milestone_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Work out an invoice without making it."""
    from functions.payments.invoices import shapes  # noqa: PLC0415

    sent = shapes.InvoiceDraft.model_validate(sent_with_lines(input))
    return shown(lifecycle.preview(graphql.caller, project_milestone_id, sent.asked()))


@graphql.field("Mutation", "updateInvoice", scope=WRITE)
def update_invoice(
    invoice_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change a draft."""
    from functions.payments.invoices import shapes  # noqa: PLC0415

    fields = shapes.InvoicePatch.model_validate(_with_lines(input)).fields()
    return shown(lifecycle.change(graphql.caller, invoice_id, fields, if_match=if_match(expected_version)))


@graphql.field("Mutation", "deleteInvoice", scope=WRITE)
def delete_invoice(invoice_id: str, expected_version: int | None = None) -> bool:
    """Delete a draft."""
    lifecycle.delete(graphql.caller, invoice_id, if_match=if_match(expected_version))
    return True


@graphql.field("Mutation", "issueInvoice", scope=WRITE)
def issue_invoice(invoice_id: str, expected_version: int | None = None) -> View:
    """Issue a draft."""
    match = if_match(expected_version)
    return shown(lifecycle.issue(graphql.caller, invoice_id, if_match=match, claim=claim()))


@graphql.field("Mutation", "recordInvoicePayment", scope=WRITE)
def record_invoice_payment(
    invoice_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Record what a client paid outside of Milepost."""
    from functions.payments.invoices import shapes  # noqa: PLC0415

    sent = shapes.PaymentRecorded.model_validate(with_minor_units(without_nulls(input), "amount_minor_units"))
    match = if_match(expected_version)
    return shown(receipts.record(graphql.caller, invoice_id, sent.fields(), if_match=match, claim=claim()))


def shown(view: View) -> View:
    """Return an invoice as the schema has it: all of its amounts are `Money`."""
    return with_money(view) | {name: of_currency(view, name) for name in ("lines", "taxes")}


def of_currency(view: Mapping[str, Any], name: str) -> list[View]:
    """Return the parts of a document, whose amounts are `Money` of its currency."""
    parts = [with_money({**each, "currency": view["currency"]}) for each in view[name]]
    return [{key: value for key, value in each.items() if key != "currency"} for each in parts]


def sent_with_lines(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sent about a new invoice as the shapes take it: without nulls, amounts as numbers."""
    return _with_lines(without_nulls(sent))


def _with_lines(sent: Mapping[str, Any]) -> dict[str, Any]:
    lines = sent.get("lines")
    if lines is None:
        return {name: value for name, value in sent.items() if name != "lines"}
    named = "unit_price_minor_units"
    return {**sent, "lines": [with_minor_units(without_nulls(each), named) for each in lines]}
