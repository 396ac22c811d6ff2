"""The Lambda handler of goals: it takes REST calls to the routes and AppSync calls to the fields."""

from shared import cold_start

with cold_start.loading():
    from functions.goals import fields, graphql, resolver
    from functions.goals import routes as goal_routes
    from functions.goals.charts import routes as chart_routes
    from functions.goals.checks import fields as check_fields
    from functions.goals.checks import routes as check_routes
    from functions.goals.jobs import routes as job_routes
    from functions.goals.links import public_routes as shared_routes
    from functions.goals.links import routes as link_routes
    from functions.goals.orphans import fields as orphan_fields
    from functions.goals.orphans import routes as orphan_routes
    from functions.goals.sharing import routes as share_routes
    from functions.goals.tasks import routes as task_routes
    from functions.goals.transfer import fields as restore_fields
    from functions.goals.transfer import routes as restore_routes
    from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(resolver.api, graphql.graphql.resolve)

__all__ = [
    "chart_routes",
    "check_fields",
    "check_routes",
    "fields",
    "goal_routes",
    "handler",
    "job_routes",
    "link_routes",
    "orphan_fields",
    "orphan_routes",
    "restore_fields",
    "restore_routes",
    "share_routes",
    "shared_routes",
    "task_routes",
]
