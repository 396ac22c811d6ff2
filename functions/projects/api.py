"""The Lambda handler of projects: it takes REST calls to the routes."""

from shared import cold_start

with cold_start.loading():
    from functions.projects import routes
    from functions.projects.milestones import command_routes, owner_routes
    from functions.projects.milestones import routes as milestone_routes
    from functions.projects.people import routes as people_routes
    from functions.projects.resolver import api
    from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(api)

__all__ = ["api", "command_routes", "handler", "milestone_routes", "owner_routes", "people_routes", "routes"]
