"""The Lambda handler of payments: it takes REST calls to the routes and AppSync calls to the fields."""

from shared import cold_start

with cold_start.loading():
    from functions.payments.bulk import fields as bulk_fields
    from functions.payments.bulk import routes as bulk_routes
    from functions.payments.credits import fields as credit_fields
    from functions.payments.credits import routes as credit_routes
    from functions.payments.escrow import fields as escrow_fields
    from functions.payments.escrow import routes as escrow_routes
    from functions.payments.financing import command_routes as financing_command_routes
    from functions.payments.financing import fields as financing_fields
    from functions.payments.financing import routes as financing_routes
    from functions.payments.graphql import graphql
    from functions.payments.invoices import command_routes as invoice_command_routes
    from functions.payments.invoices import fields as invoice_fields
    from functions.payments.invoices import routes as invoice_routes
    from functions.payments.ledger import fields as ledger_fields
    from functions.payments.ledger import routes as ledger_routes
    from functions.payments.papers import fields as paper_fields
    from functions.payments.papers import routes as paper_routes
    from functions.payments.payees import fields as payee_fields
    from functions.payments.payees import routes as payee_routes
    from functions.payments.releases import dispute_routes as payment_dispute_routes
    from functions.payments.releases import fields as release_fields
    from functions.payments.releases import routes as release_routes
    from functions.payments.releases.webhooks import routes as webhook_routes
    from functions.payments.reports import fields as report_fields
    from functions.payments.reports import routes as report_routes
    from functions.payments.resolver import api
    from functions.payments.retentions import fields as retention_fields
    from functions.payments.retentions import routes as retention_routes
    from functions.payments.schedules import fields as schedule_fields
    from functions.payments.schedules import routes as schedule_routes
    from functions.payments.sending import fields as sending_fields
    from functions.payments.sending import routes as sending_routes
    from functions.payments.settings import fields as settings_fields
    from functions.payments.settings import routes as settings_routes
    from functions.payments.terms import fields as terms_fields
    from functions.payments.terms import routes as terms_routes
    from shared.api import rest

# Importing the modules of routes and fields registers them; they all register on the same resolver.
handler = rest.handler(api, graphql.resolve)

__all__ = [
    "api",
    "bulk_fields",
    "bulk_routes",
    "credit_fields",
    "credit_routes",
    "escrow_fields",
    "escrow_routes",
    "financing_command_routes",
    "financing_fields",
    "financing_routes",
    "handler",
    "invoice_command_routes",
    "invoice_fields",
    "invoice_routes",
    "ledger_fields",
    "ledger_routes",
    "paper_fields",
    "paper_routes",
    "payee_fields",
    "payee_routes",
    "payment_dispute_routes",
    "release_fields",
    "release_routes",
    "report_fields",
    "report_routes",
    "retention_fields",
    "retention_routes",
    "schedule_fields",
    "schedule_routes",
    "sending_fields",
    "sending_routes",
    "settings_fields",
    "settings_routes",
    "terms_fields",
    "terms_routes",
    "webhook_routes",
]
