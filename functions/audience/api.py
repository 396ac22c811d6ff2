"""The Lambda handler of the audience: it takes REST calls to the routes."""

from functions.audience import settings_routes
from functions.audience.activity import routes as activity_routes
from functions.audience.leads import bulk_routes, routes
from functions.audience.resolver import api
from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(api)

__all__ = ["activity_routes", "api", "bulk_routes", "handler", "routes", "settings_routes"]
