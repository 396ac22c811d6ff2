"""The Lambda handler of questions about all leads of a tenant: the one function whose callers wait for DuckDB.

DuckDB is imported with the first question that files answer.
"""

from shared import cold_start

with cold_start.loading():
    from functions.audience import resolver
    from functions.audience.graphql import graphql
    from functions.audience.querying import fields, routes
    from shared.api import rest

handler = rest.handler(resolver.api, graphql.resolve)

__all__ = ["fields", "handler", "routes"]
