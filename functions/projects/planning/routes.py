"""What milestones depend on, and what that means for their days, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.dependencies.refusals import DependencyCycle
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.milestones.routes import CLOSING
from functions.projects.people.access import RoleRequired
from functions.projects.planning import lifecycle, reading
from functions.projects.planning.lifecycle import (
    AmountMissing,
    DependenciesFixed,
    DependencyExists,
    DependencyNotFound,
    TooManyPrerequisites,
)
from functions.projects.resolver import BODY, KEYED, MILESTONE, PROJECT, READ, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.planning.shapes import MilestoneDependencyDraft

replies = Replies("functions.projects.planning.replies")

SENT = Body("functions.projects.planning.shapes")
DEPENDENCIES = f"{MILESTONE}/dependencies"


@api.operation(
    "GET",
    DEPENDENCIES,
    scope=READ,
    summary="List what a milestone depends on",
    answers={200: replies.MilestoneDependencies},
    refusals=(ProjectMilestoneNotFound,),
)
def list_dependencies(project_milestone_id: str) -> Response:
    """List what a milestone depends on, 50 at most, and what of that keeps it from going on."""
    return answer(200, {"items": reading.of_milestone(api.caller, project_milestone_id)})


@api.operation(
    "GET",
    f"{PROJECT}/graph",
    scope=READ,
    summary="See what depends on what in a project",
    answers={200: replies.ProjectGraph},
    refusals=(ProjectNotFound,),
)
def show_project_graph(project_id: str) -> Response:
    """See all milestones of a project, 2,000 at most, and the dependencies between them."""
    return answer(200, reading.of_project(api.caller, project_id))


@api.operation(
    "GET",
    f"{PROJECT}/critical-path",
    scope=READ,
    summary="See when milestones can and must be worked on",
    answers={200: replies.CriticalPath},
    refusals=(ProjectNotFound,),
)
def show_critical_path(project_id: str) -> Response:
    """See the earliest and the latest days of each milestone that is not cancelled, in working days of the project.

    `critical` are those without slack: the end of the project is late by as much as any of them is.
    """
    return answer(200, reading.critical_path(api.caller, project_id))


@api.operation(
    "POST",
    DEPENDENCIES,
    scope=WRITE,
    summary="Let a milestone depend on another",
    answers={201: replies.MilestoneDependency},
    refusals=(
        *BODY,
        ProjectMilestoneNotFound,
        RoleRequired,
        DependenciesFixed,
        DependencyExists,
        TooManyPrerequisites,
        DependencyCycle,
        AmountMissing,
        *KEYED,
    ),
    problems=CLOSING,
)
def add_project_milestone_dependency(
    project_milestone_id: str,
    draft: Annotated["MilestoneDependencyDraft", SENT],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Let a milestone depend on another of its project; for managers and creators of the project.

    A milestone depends on another once, and no cycle may be closed.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, lifecycle.add(api.caller, project_milestone_id, draft.dependency(), claim=claim))


@api.operation(
    "DELETE",
    f"{DEPENDENCIES}/<from_id>",
    scope=WRITE,
    summary="Let a milestone not depend on another any more",
    answers={204: None},
    refusals=(
        Malformed,
        ProjectMilestoneNotFound,
        RoleRequired,
        VersionChanged,
        DependenciesFixed,
        DependencyNotFound,
    ),
)
def remove_project_milestone_dependency(project_milestone_id: str, from_id: str, if_match: IfMatch = None) -> Response:
    """Remove what a milestone depends on; for managers and creators. `If-Match` is the version of the milestone."""
    lifecycle.remove(api.caller, project_milestone_id, from_id, if_match=if_match)
    return answer(204)
