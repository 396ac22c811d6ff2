"""The goals context's door: the Lambda handler that takes REST calls to the routes and AppSync calls to the fields."""

from shared import cold_start

with cold_start.loading():
    from functions.goals import (
        chart_routes,
        check_routes,
        door,
        fields,
        goal_routes,
        link_routes,
        orphan_fields,
        orphan_routes,
        restore_fields,
        restore_routes,
        share_routes,
        shared_routes,
        task_routes,
    )
    from shared import api as rest

# Importing the route modules registers their operations; they all register on the same door.
handler = rest.handler(door.api, fields.graphql.resolve)

__all__ = [
    "chart_routes",
    "check_routes",
    "goal_routes",
    "handler",
    "link_routes",
    "orphan_fields",
    "orphan_routes",
    "restore_fields",
    "restore_routes",
    "share_routes",
    "shared_routes",
    "task_routes",
]
