"""Members of a project over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.people import lifecycle
from functions.projects.people.access import RoleRequired
from functions.projects.people.lifecycle import TooManyMembers
from functions.projects.people.members import ProjectMemberNotFound
from functions.projects.resolver import BODY, PROJECT, READ, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IfMatch, Limit, answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.people.shapes import ProjectMemberDraft

replies = Replies("functions.projects.people.replies")

SENT = Body("functions.projects.people.shapes")
MEMBERS = f"{PROJECT}/members"


@api.operation(
    "GET",
    MEMBERS,
    scope=READ,
    summary="List the members of a project",
    answers={200: replies.ProjectMembers},
    refusals=(Malformed, InvalidInput, ProjectNotFound),
)
def list_project_members(project_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the members of a project."""
    return resolver.page(lifecycle.page(api.caller, project_id, limit=limit, cursor=cursor))


@api.operation(
    "PUT",
    f"{MEMBERS}/<user_id>",
    scope=WRITE,
    summary="Make somebody a member of a project",
    answers={200: replies.ProjectMember},
    refusals=(*BODY, ProjectNotFound, RoleRequired, TooManyMembers, VersionChanged),
)
def put_project_member(
    project_id: str, user_id: str, draft: Annotated["ProjectMemberDraft", SENT], if_match: IfMatch = None
) -> Response:
    """Make a user of your tenant a member, or give a member other roles and skills; for managers of the project."""
    put = lifecycle.put(api.caller, project_id, user_id, draft.roles, draft.skills, if_match=if_match)
    return answer(200, put)


@api.operation(
    "DELETE",
    f"{MEMBERS}/<user_id>",
    scope=WRITE,
    summary="Remove a member of a project",
    answers={204: None},
    refusals=(Malformed, ProjectNotFound, RoleRequired, ProjectMemberNotFound, VersionChanged),
)
def remove_project_member(project_id: str, user_id: str, if_match: IfMatch = None) -> Response:
    """Remove a member, which is for managers of the project, or leave it yourself. Decisions they took stay."""
    lifecycle.remove(api.caller, project_id, user_id, if_match=if_match)
    return answer(204)
