"""The Lambda handler of queries: the one function whose callers wait for the engine."""

from functions.search.everything import routes as everything_routes
from functions.search.queries import routes
from functions.search.queries.saved import routes as saved_routes
from functions.search.resolver import api
from shared.api import rest

handler = rest.handler(api)

__all__ = ["api", "everything_routes", "handler", "routes", "saved_routes"]
