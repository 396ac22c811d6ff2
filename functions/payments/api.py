"""The Lambda handler of payments: it takes REST calls to the routes and AppSync calls to the fields."""

from shared import cold_start

with cold_start.loading():
    from functions.payments.graphql import graphql
    from functions.payments.ledger import fields as ledger_fields
    from functions.payments.ledger import routes as ledger_routes
    from functions.payments.resolver import api
    from shared.api import rest

# Importing the modules of routes and fields registers them; they all register on the same resolver.
handler = rest.handler(api, graphql.resolve)

__all__ = ["api", "handler", "ledger_fields", "ledger_routes"]
