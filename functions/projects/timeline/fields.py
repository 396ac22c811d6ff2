"""The timeline of a project and its baseline, over GraphQL."""

from functions.projects.graphql import View, claim, graphql
from functions.projects.resolver import READ, WRITE
from functions.projects.timeline import reading


@graphql.field("Query", "projectTimeline", scope=READ)
def project_timeline(project_id: str) -> View:
    """Resolve when milestones are worked on."""
    return reading.timeline(graphql.caller, project_id)


@graphql.field("Mutation", "freezeProjectBaseline", scope=WRITE)
def freeze_project_baseline(project_id: str) -> View:
    """Keep the present days of all milestones as the baseline."""
    return reading.freeze(graphql.caller, project_id, claim=claim())
