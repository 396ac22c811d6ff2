"""The notifications context's door: the Lambda handler that takes REST calls to the routes."""

from functions.notifications import delivery_routes, endpoint_routes
from functions.notifications.door import api
from shared import api as rest

# Importing the route modules registers their operations; they all register on the same door.
handler = rest.handler(api)

__all__ = ["api", "delivery_routes", "endpoint_routes", "handler"]
