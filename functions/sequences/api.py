"""The Lambda handler of sequences: it takes REST calls to the routes."""

from functions.sequences import routes
from functions.sequences.fountainai import routes as fountainai_routes
from functions.sequences.order import routes as order_routes
from functions.sequences.resolver import api
from functions.sequences.versions import routes as version_routes
from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(api)

__all__ = ["api", "fountainai_routes", "handler", "order_routes", "routes", "version_routes"]
