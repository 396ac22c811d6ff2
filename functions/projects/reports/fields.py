"""Reports over GraphQL, on the functions that REST calls too."""

from functions.projects.graphql import View, graphql
from functions.projects.reports import reading
from functions.projects.resolver import READ


@graphql.field("Query", "delayReasons", scope=READ)
def delay_reasons(project_id: str | None = None, from_month: str | None = None, to_month: str | None = None) -> View:
    """Resolve why milestones were escalated."""
    return reading.delay_reasons(graphql.caller, project_id, from_month, to_month)
