"""The Lambda handler of webhooks: it takes REST calls to the routes."""

from functions.webhooks import delivery_routes, endpoint_routes
from functions.webhooks.resolver import api
from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(api)

__all__ = ["api", "delivery_routes", "endpoint_routes", "handler"]
