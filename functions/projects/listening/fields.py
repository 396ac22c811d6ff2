"""Listening to a project over GraphQL."""

from functions.projects.graphql import View, graphql
from functions.projects.listening import listeners
from functions.projects.people import access
from functions.projects.resolver import READ
from shared import clock


@graphql.field("Subscription", "onProjectChanged", scope=READ)
def on_project_changed(project_id: str) -> View:
    """Let somebody listen to a project that they may see, and say what ends that; AppSync sends the rest."""
    caller = graphql.caller
    access.open_project(caller, project_id)
    listeners.note(caller.tenant_id, project_id, now=clock.now())
    left = {"project_id": project_id, "listener_id": caller.user_id}
    return {"ended_by": [{"departed_id": caller.user_id}, left]}
