"""Schedules of invoices over GraphQL."""

from typing import Any

from functions.payments.graphql import View, claim, graphql, if_match, without_nulls
from functions.payments.resolver import READ, WRITE
from functions.payments.schedules import lifecycle
from shared.api.graphql import connection, limit_of

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "invoiceSchedule", scope=READ)
def invoice_schedule(invoice_schedule_id: str) -> View:
    """Resolve one schedule."""
    return lifecycle.show(graphql.caller, invoice_schedule_id)


@graphql.field("Query", "invoiceSchedules", scope=READ)
def invoice_schedules(limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of schedules."""
    return connection(lifecycle.page(graphql.caller, limit=limit_of(limit), cursor=next_token))


@graphql.field("Mutation", "createInvoiceSchedule", scope=WRITE)
def create_invoice_schedule(input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Have a share of a milestone invoiced again and again."""
    from functions.payments.schedules import shapes  # noqa: PLC0415

    sent = shapes.InvoiceScheduleDraft.model_validate(without_nulls(input))
    return lifecycle.create(graphql.caller, sent.project_milestone_id, sent.fields(), claim=claim())


@graphql.field("Mutation", "updateInvoiceSchedule", scope=WRITE)
def update_invoice_schedule(
    invoice_schedule_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change a schedule."""
    from functions.payments.schedules import shapes  # noqa: PLC0415

    fields = shapes.InvoiceSchedulePatch.model_validate(input).fields()
    return lifecycle.change(graphql.caller, invoice_schedule_id, fields, if_match=if_match(expected_version))


@graphql.field("Mutation", "deleteInvoiceSchedule", scope=WRITE)
def delete_invoice_schedule(invoice_schedule_id: str, expected_version: int | None = None) -> bool:
    """Delete a schedule."""
    lifecycle.delete(graphql.caller, invoice_schedule_id, if_match=if_match(expected_version))
    return True
