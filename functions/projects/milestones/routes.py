"""Milestones of projects over REST."""

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Literal

from functions.projects import resolver
from functions.projects.dependencies.refusals import DependencyCycle
from functions.projects.lifecycle import ProjectStatusNotPossible
from functions.projects.milestones import lifecycle, reading
from functions.projects.milestones.children import HasChildren
from functions.projects.milestones.gates import InvoiceOpen
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.milestones.parents import ParentNotPossible
from functions.projects.milestones.refusals import (
    DependantsExist,
    EscalationsKept,
    EvidenceKept,
    MilestoneFinal,
    MilestoneNotDeletable,
    SubjectFrozen,
    TooManyMilestones,
    UnderReview,
)
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, KEYED, MILESTONE, PROJECT, READ, WRITE, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.api.routes import ProblemForm
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.milestones.shapes import ProjectMilestoneDraft, ProjectMilestonePatch

replies = Replies("functions.projects.milestones.replies")

DELETING = ProblemForm(attrgetter("members"), replies.DependantsProblem)
"""A refused deletion names the milestones that depend on the one."""
CLOSING = ProblemForm(attrgetter("members"), replies.CycleProblem)
"""A change that would close a cycle names the milestones of it."""

SENT = Body("functions.projects.milestones.shapes")
MILESTONES = f"{PROJECT}/project-milestones"
EVERY = "/api/v1/project-milestones"

OfStatus = Annotated[
    Literal[
        "draft",
        "pending",
        "active",
        "in_progress",
        "completed",
        "escalated",
        "verified",
        "rejected",
        "approved",
        "cancelled",
    ]
    | None,
    Query(description="Only of this status."),
]
OfPriority = Annotated[Literal["low", "medium", "high", "critical"] | None, Query(description="Only of this priority.")]
DueBefore = Annotated[
    str | None, Query(max_length=10, description="Only those that are due before this day, YYYY-MM-DD.")
]
OfParent = Annotated[str | None, Query(max_length=64, description="Only those that are part of this milestone.")]
OfOwner = Annotated[str | None, Query(max_length=64, description="Only those of this user or team; `me` for yourself.")]
OfPrimary = Annotated[
    str | None, Query(max_length=64, description="Only those whose primary owner is this user; `me` for yourself.")
]
OfKind = Annotated[str | None, Query(max_length=20, description="Only of this kind.")]


@api.operation(
    "POST",
    MILESTONES,
    scope=WRITE,
    summary="Create a milestone of a project",
    answers={201: replies.ProjectMilestone},
    refusals=(
        *BODY,
        ProjectNotFound,
        RoleRequired,
        ProjectStatusNotPossible,
        TooManyMilestones,
        ParentNotPossible,
        *KEYED,
    ),
)
def create_project_milestone(
    project_id: str, draft: Annotated["ProjectMilestoneDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Create a draft; for managers and creators of the project. Amounts are for managers."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, lifecycle.create(api.caller, project_id, draft.fields(), claim=claim))


@api.operation(
    "GET",
    MILESTONES,
    scope=READ,
    summary="List the milestones of a project",
    answers={200: replies.PlanEntries},
    refusals=(Malformed, InvalidInput, ProjectNotFound),
)
def list_project_milestones(
    project_id: str,
    status: OfStatus = None,
    priority: OfPriority = None,
    kind: OfKind = None,
    parent_id: OfParent = None,
    owner: OfPrimary = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """List the milestones of a project, the oldest first.

    A filtered page may have fewer items than `limit`, even none, and be followed by another as long as there is a
    `next_cursor`.
    """
    wanted = {"status": status, "priority": priority, "kind": kind, "parent_id": parent_id, "owner": owner}
    return resolver.page(reading.page(api.caller, project_id, wanted, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    EVERY,
    scope=READ,
    summary="List milestones over all projects",
    answers={200: replies.PlanEntries},
    refusals=(Malformed, InvalidInput, RoleRequired),
)
def list_milestones_over_projects(
    status: OfStatus = None,
    due_before: DueBefore = None,
    owner: OfOwner = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """List the milestones that you own, by due date, without those that are approved or cancelled.

    With `owner`, admins of the tenant are listed those of another user, and everybody those of a team. With `status`
    and no `owner`, admins are listed all milestones in that status. A page may have fewer items than `limit` and be
    followed by another.
    """
    if status is None or owner is not None:
        wanted = {"owner": owner, "status": status, "due_before": due_before}
        return resolver.page(reading.page_of_owner(api.caller, wanted, limit=limit, cursor=cursor))
    return resolver.page(reading.page_of_tenant(api.caller, status, due_before, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    MILESTONE,
    scope=READ,
    summary="Show a milestone of a project",
    answers={200: replies.ProjectMilestone},
    refusals=(ProjectMilestoneNotFound,),
)
def show_project_milestone(project_milestone_id: str) -> Response:
    """Show a milestone, and what may happen to it next."""
    return answer(200, reading.milestone(api.caller, project_milestone_id))


@api.operation(
    "PATCH",
    MILESTONE,
    scope=WRITE,
    summary="Change a milestone of a project",
    answers={200: replies.ProjectMilestone},
    refusals=(
        *BODY,
        ProjectMilestoneNotFound,
        RoleRequired,
        VersionChanged,
        MilestoneFinal,
        UnderReview,
        SubjectFrozen,
        InvoiceOpen,
        ProjectStatusNotPossible,
        HasChildren,
        DependencyCycle,
        ParentNotPossible,
    ),
    problems=CLOSING,
)
def patch_project_milestone(
    project_milestone_id: str, sent: Annotated["ProjectMilestonePatch", SENT], if_match: IfMatch = None
) -> Response:
    """Change a milestone; for managers and creators of the project. From completion on, what was agreed stays."""
    return answer(200, lifecycle.change(api.caller, project_milestone_id, sent.fields(), if_match=if_match))


@api.operation(
    "DELETE",
    MILESTONE,
    scope=WRITE,
    summary="Delete a milestone of a project",
    answers={204: None},
    refusals=(
        Malformed,
        ProjectMilestoneNotFound,
        RoleRequired,
        VersionChanged,
        MilestoneNotDeletable,
        EvidenceKept,
        EscalationsKept,
        DependantsExist,
        InvoiceOpen,
        HasChildren,
    ),
    problems=DELETING,
)
def delete_project_milestone(project_milestone_id: str, if_match: IfMatch = None) -> Response:
    """Delete a draft or a cancelled milestone; for managers and creators of the project."""
    lifecycle.delete(api.caller, project_milestone_id, if_match=if_match)
    return answer(204)


@api.operation(
    "GET",
    f"{MILESTONE}/history",
    scope=READ,
    summary="List what happened to a milestone",
    answers={200: replies.MilestoneHistory},
    refusals=(Malformed, InvalidInput, ProjectMilestoneNotFound),
)
def list_project_milestone_history(project_milestone_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List what happened to a milestone, who did it and why, the newest first."""
    return resolver.page(reading.history(api.caller, project_milestone_id, limit=limit, cursor=cursor))
