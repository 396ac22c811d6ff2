"""The door of milestones: the Lambda handler that takes REST calls to the routes and AppSync calls to the fields."""

from shared import cold_start

with cold_start.loading():
    from functions.milestones import door, fields, milestone_routes, project_routes, webhook_routes
    from shared import api as rest

# Importing the route modules registers their operations; they all register on the same door.
handler = rest.handler(door.api, fields.graphql.resolve)

__all__ = ["handler", "milestone_routes", "project_routes", "webhook_routes"]
