"""The Lambda handler of milestones: it takes REST calls to the routes and AppSync calls to the fields."""

from shared import cold_start

with cold_start.loading():
    from functions.milestones import fields, resolver
    from functions.milestones import routes as milestone_routes
    from functions.milestones.evaluation import webhook_routes
    from functions.milestones.projects import routes as project_routes
    from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(resolver.api, fields.graphql.resolve)

__all__ = ["handler", "milestone_routes", "project_routes", "webhook_routes"]
