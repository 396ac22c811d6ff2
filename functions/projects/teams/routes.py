"""Teams of a project over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.people.access import RoleRequired
from functions.projects.people.teams import ProjectTeamNotFound
from functions.projects.resolver import BODY, KEYED, PROJECT, READ, WRITE, api
from functions.projects.teams import lifecycle
from functions.projects.teams.lifecycle import TooManyTeams
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.teams.shapes import ProjectTeamDraft, ProjectTeamPatch

replies = Replies("functions.projects.teams.replies")

SENT = Body("functions.projects.teams.shapes")
TEAMS = f"{PROJECT}/teams"
TEAM = f"{TEAMS}/<team_id>"


@api.operation(
    "GET",
    TEAMS,
    scope=READ,
    summary="List the teams of a project",
    answers={200: replies.ProjectTeams},
    refusals=(ProjectNotFound,),
)
def list_project_teams(project_id: str) -> Response:
    """List the teams of a project, the oldest first, 20 at most."""
    return answer(200, {"items": lifecycle.page(api.caller, project_id)})


@api.operation(
    "POST",
    TEAMS,
    scope=WRITE,
    summary="Create a team of a project",
    answers={201: replies.ProjectTeam},
    refusals=(*BODY, ProjectNotFound, RoleRequired, TooManyTeams, *KEYED),
)
def create_project_team(
    project_id: str, draft: Annotated["ProjectTeamDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Make a team of members of a project, to own milestones together; for managers of the project."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, lifecycle.create(api.caller, project_id, draft.name, draft.people, claim=claim))


@api.operation(
    "PATCH",
    TEAM,
    scope=WRITE,
    summary="Change a team of a project",
    answers={200: replies.ProjectTeam},
    refusals=(*BODY, ProjectNotFound, RoleRequired, ProjectTeamNotFound, VersionChanged),
)
def patch_project_team(
    project_id: str, team_id: str, sent: Annotated["ProjectTeamPatch", SENT], if_match: IfMatch = None
) -> Response:
    """Change the name of a team, or who is in it; for managers of the project.

    Whoever is in it no more loses the seats in layers that they have through it.
    """
    return answer(200, lifecycle.change(api.caller, project_id, team_id, sent.fields(), if_match=if_match))


@api.operation(
    "DELETE",
    TEAM,
    scope=WRITE,
    summary="Remove a team of a project",
    answers={204: None},
    refusals=(Malformed, ProjectNotFound, RoleRequired, ProjectTeamNotFound, VersionChanged),
)
def remove_project_team(project_id: str, team_id: str, if_match: IfMatch = None) -> Response:
    """Remove a team, which owns nothing any more within seconds; for managers of the project."""
    lifecycle.remove(api.caller, project_id, team_id, if_match=if_match)
    return answer(204)
