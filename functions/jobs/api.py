"""The Lambda handler of jobs: it takes REST calls to the routes."""

from functions.jobs import routes
from functions.jobs.resolver import api
from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(api)

__all__ = ["api", "handler", "routes"]
