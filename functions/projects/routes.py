"""Projects over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import lifecycle, reading, resolver
from functions.projects.lifecycle import CurrencyFixed, MilestonesOpen, ProjectNotEmpty, ProjectStatusNotPossible
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, KEYED, PROJECT, PROJECTS, READ, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.callers.project_members import ADMIN, ProjectNotFound
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.shapes import ProjectDraft, ProjectPatch

replies = Replies("functions.projects.replies")

SENT = Body("functions.projects.shapes")
_MOVING = (ProjectNotFound, RoleRequired, VersionChanged, Malformed, ProjectStatusNotPossible, *KEYED)


@api.operation(
    "POST",
    PROJECTS,
    scope=WRITE,
    summary="Create a project",
    answers={201: replies.Project},
    refusals=(*BODY, *KEYED),
)
def create_project(draft: Annotated["ProjectDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Create a project. You are its first member and its manager."""
    created = lifecycle.create(api.caller, draft.fields(), claim=resolver.claim(idempotency_key, draft))
    return answer(201, created)


@api.operation(
    "GET",
    PROJECTS,
    scope=READ,
    summary="List the projects",
    answers={200: replies.Projects},
    refusals=(Malformed, InvalidInput),
)
def list_projects(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the projects that you are a member of, the newest membership first.

    A changed name, client or status is there within seconds, and so is progress. With memberships in other tenants, a
    page may have fewer items than `limit` and be followed by another.
    With the scope `projects:admin` you are listed all projects of the tenant, the newest first.
    """
    if ADMIN in api.caller.scopes:
        return resolver.page(reading.page_of_tenant(api.caller.tenant_id, limit=limit, cursor=cursor))
    return resolver.page(reading.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    PROJECT,
    scope=READ,
    summary="Show a project",
    answers={200: replies.Project},
    refusals=(ProjectNotFound,),
)
def show_project(project_id: str) -> Response:
    """Show a project and how far it is."""
    return answer(200, reading.project(api.caller, project_id))


@api.operation(
    "PATCH",
    PROJECT,
    scope=WRITE,
    summary="Change a project",
    answers={200: replies.Project},
    refusals=(*BODY, ProjectNotFound, RoleRequired, VersionChanged, ProjectStatusNotPossible, CurrencyFixed),
)
def patch_project(project_id: str, sent: Annotated["ProjectPatch", SENT], if_match: IfMatch = None) -> Response:
    """Change an active project; for its managers. The currency is fixed once a milestone has an amount."""
    return answer(200, lifecycle.change(api.caller, project_id, sent.fields(), if_match=if_match))


@api.operation(
    "DELETE",
    PROJECT,
    scope=WRITE,
    summary="Delete a project",
    answers={204: None},
    refusals=(Malformed, ProjectNotFound, RoleRequired, VersionChanged, ProjectNotEmpty),
)
def delete_project(project_id: str, if_match: IfMatch = None) -> Response:
    """Delete a project that has no milestones; for its managers."""
    lifecycle.delete(api.caller, project_id, if_match=if_match)
    return answer(204)


@api.operation(
    "POST",
    f"{PROJECT}/complete",
    scope=WRITE,
    summary="Complete a project",
    answers={200: replies.Project},
    refusals=(*_MOVING, MilestonesOpen),
)
def complete_project(project_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Complete an active project, each of whose milestones is approved or cancelled; for its managers."""
    claim = resolver.claim(idempotency_key)
    return answer(200, lifecycle.command(api.caller, project_id, "complete", if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{PROJECT}/reopen",
    scope=WRITE,
    summary="Reopen a project",
    answers={200: replies.Project},
    refusals=_MOVING,
)
def reopen_project(project_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Make a completed project active again; for its managers."""
    claim = resolver.claim(idempotency_key)
    return answer(200, lifecycle.command(api.caller, project_id, "reopen", if_match=if_match, claim=claim))


@api.operation(
    "POST",
    f"{PROJECT}/archive",
    scope=WRITE,
    summary="Archive a project",
    answers={200: replies.Project},
    refusals=_MOVING,
)
def archive_project(project_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Archive a completed project for good; for its managers."""
    claim = resolver.claim(idempotency_key)
    return answer(200, lifecycle.command(api.caller, project_id, "archive", if_match=if_match, claim=claim))
