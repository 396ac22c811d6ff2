"""The Lambda handler of the audience: it takes REST calls to the routes and AppSync calls to the fields.

Questions about all leads are declared here as well, since they belong to the same API; what answers them is
`query_api.py`, to which API Gateway and AppSync send them.
"""

from shared import cold_start

with cold_start.loading():
    from functions.audience import fields, resolver
    from functions.audience.activity import routes as activity_routes
    from functions.audience.campaigns import fields as campaign_fields
    from functions.audience.campaigns import recipient_routes
    from functions.audience.campaigns import routes as campaign_routes
    from functions.audience.delivery import fields as delivery_fields
    from functions.audience.delivery import routes as delivery_routes
    from functions.audience.graphql import graphql
    from functions.audience.imports import fields as import_fields
    from functions.audience.imports import routes as import_routes
    from functions.audience.leads import bulk_routes
    from functions.audience.leads import routes as lead_routes
    from functions.audience.querying import fields as query_fields
    from functions.audience.querying import routes as query_routes
    from functions.audience.receipts import routes as receipt_routes
    from functions.audience.respect import fields as respect_fields
    from functions.audience.respect import public_routes as respect_pages
    from functions.audience.respect import routes as respect_routes
    from functions.audience.segments import fields as segment_fields
    from functions.audience.segments import routes as segment_routes
    from functions.audience.settings import routes as settings_routes
    from functions.audience.tracking import public_routes as tracking_routes
    from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(resolver.api, graphql.resolve)

__all__ = [
    "activity_routes",
    "bulk_routes",
    "campaign_fields",
    "campaign_routes",
    "delivery_fields",
    "delivery_routes",
    "fields",
    "handler",
    "import_fields",
    "import_routes",
    "lead_routes",
    "query_fields",
    "query_routes",
    "receipt_routes",
    "recipient_routes",
    "respect_fields",
    "respect_pages",
    "respect_routes",
    "segment_fields",
    "segment_routes",
    "settings_routes",
    "tracking_routes",
]
