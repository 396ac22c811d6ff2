"""Listening to a project, and to one's own worklist, over GraphQL."""

from functions.projects.graphql import View, graphql
from functions.projects.listening import listeners, worklists
from functions.projects.people import access
from functions.projects.resolver import READ
from shared import clock
from shared.errors import Forbidden


class WorklistNotYours(Forbidden):
    """403: a worklist is for its own user alone."""

    def __init__(self) -> None:
        super().__init__("You may listen to your own worklist only. Send your own user id.")


@graphql.field("Subscription", "onProjectChanged", scope=READ)
def on_project_changed(project_id: str) -> View:
    """Let somebody listen to a project that they may see, and say what ends that; AppSync sends the rest."""
    caller = graphql.caller
    access.open_project(caller, project_id)
    listeners.note(caller.tenant_id, project_id, now=clock.now())
    left = {"project_id": project_id, "listener_id": caller.user_id}
    return {"ended_by": [{"departed_id": caller.user_id}, left]}


@graphql.field("Subscription", "onWorklistChanged", scope=READ)
def on_worklist_changed(user_id: str) -> View:
    """Let the caller listen to their own worklist, and say what ends that; AppSync sends the rest."""
    caller = graphql.caller
    if user_id != caller.user_id:
        raise WorklistNotYours
    worklists.note(user_id, now=clock.now())
    return {"ended_by": [{"departed_id": user_id}]}
