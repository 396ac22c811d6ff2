"""Tracked milestones over REST."""

import json
from typing import TYPE_CHECKING, Annotated, Literal

from functions.milestones import dependencies, lifecycle, reading, resolver, views
from functions.milestones.evaluation import health
from functions.milestones.milestones import MilestoneNotFound
from functions.milestones.projects import reading as projects_reading
from functions.milestones.resolver import (
    ADMIN,
    BODY,
    KEYED,
    MILESTONE,
    MILESTONES,
    READ,
    WRITE,
    Consistent,
    ProjectInPath,
    api,
)
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.milestones.shapes import DependencyDraft, MilestoneDraft, MilestonePatch


replies = Replies("functions.milestones.replies")

SENT = Body("functions.milestones.shapes")

OfProject = Annotated[str | None, Query(max_length=128, description="Only of this project.")]
OfKpi = Annotated[str | None, Query(max_length=128, description="Only of this KPI.")]
OfStatus = Annotated[
    Literal["pending", "in_progress", "completed", "missed"] | None, Query(description="Only of this status.")
]
FromForse = Annotated[bool, Query(description="`false` leaves the evaluator's milestone where it is.")]
DependsOn = Annotated[
    str | None, Query(max_length=36, description="The one milestone it depends on no more; without it, all of them.")
]


@api.operation(
    "GET", f"{MILESTONES}/health", scope=PUBLIC, summary="Ask for the health", answers={200: replies.MilestonesHealth}
)
def read_milestones_health() -> Response:
    """Ask whether tracked milestones are well; `degraded` when the evaluator is away, for all else goes on."""
    return answer(200, health.look())


@api.operation(
    "POST",
    MILESTONES,
    scope=WRITE,
    summary="Create a tracked milestone",
    answers={201: replies.CreatedMilestone},
    refusals=(*BODY, *KEYED),
)
def create_tracked_milestone(
    draft: Annotated["MilestoneDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Create a milestone here, and then at the evaluator; if that is away, `forse_synced` is false and it follows."""
    created = lifecycle.create(resolver.caller(), draft, claim=resolver.claim(idempotency_key, draft))
    headers = {"Location": f"{MILESTONES}/{created.answer['milestone_uid']}"}
    if created.version is not None:
        headers["ETag"] = f'"{created.version}"'
    return answer(201, created.answer, headers=headers)


@api.operation(
    "GET",
    MILESTONES,
    scope=READ,
    summary="List tracked milestones",
    answers={200: replies.TrackedMilestones},
    refusals=(Malformed, InvalidInput),
)
def list_tracked_milestones(
    project_id: OfProject = None,
    status: OfStatus = None,
    kpi_id: OfKpi = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """List the milestones of your tenant, newest first.

    With `status` or `kpi_id`, a page ends after 1,000 milestones were looked at: it may have fewer than `limit` items,
    even none, and be followed by another as long as there is a `next_cursor`.
    """
    return resolver.page(
        reading.page(resolver.caller(), project_id=project_id, status=status, kpi_id=kpi_id, limit=limit, cursor=cursor)
    )


@api.operation(
    "GET",
    f"{MILESTONES}/export",
    scope=READ,
    summary="Export tracked milestones",
    answers={200: replies.ExportedMilestone},
    refusals=(Malformed, InvalidInput),
)
def export_tracked_milestones(project_id: OfProject = None, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Export a page of the milestones of a project, or of the tenant, as JSON lines, newest first.

    As long as there is more, the header `Next-Cursor` has the `cursor` of the next page.
    """
    found, next_cursor = reading.page(resolver.caller(), project_id=project_id, limit=limit, cursor=cursor)
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found)
    headers = {"Cache-Control": "no-store"} | ({"Next-Cursor": next_cursor} if next_cursor else {})
    return Response(200, views.JSON_LINES, lines, headers)


@api.operation(
    "GET",
    MILESTONE,
    scope=READ,
    summary="Read a tracked milestone",
    answers={200: replies.TrackedMilestone},
    refusals=(MilestoneNotFound, InvalidInput),
)
def read_tracked_milestone(milestone_uid: str, consistent: Consistent = False) -> Response:
    """Read a milestone, how far it is, what it is blocked by, and whether the evaluator is in step."""
    return answer(200, reading.milestone(resolver.caller(), milestone_uid, consistent=consistent))


@api.operation(
    "PATCH",
    MILESTONE,
    scope=WRITE,
    summary="Change the target",
    answers={200: replies.UpdatedMilestone},
    refusals=(*BODY, MilestoneNotFound, VersionChanged),
)
def patch_tracked_milestone(
    milestone_uid: str, sent: Annotated["MilestonePatch", SENT], if_match: IfMatch = None
) -> Response:
    """Give a milestone another target; a completed one whose target is raised above its value is in progress again.

    `forse_effect` is what the evaluator says of it, null as long as it has not been told.
    """
    updated = lifecycle.retarget(resolver.caller(), milestone_uid, sent.target, if_match=if_match)
    version = updated.pop("version")
    return answer(200, updated, headers={"ETag": f'"{version}"'})


@api.operation(
    "DELETE",
    MILESTONE,
    scope=WRITE,
    summary="Delete a tracked milestone",
    answers={200: replies.DeletedMilestone},
    refusals=(Malformed, InvalidInput, MilestoneNotFound, VersionChanged),
)
def delete_tracked_milestone(
    milestone_uid: str, delete_from_forse: FromForse = True, if_match: IfMatch = None
) -> Response:
    """Delete a milestone here, and then at the evaluator; if that is away, `forse_deleted` is false and it follows."""
    deleted = lifecycle.delete(resolver.caller(), milestone_uid, from_evaluator=delete_from_forse, if_match=if_match)
    return answer(200, deleted)


@api.operation(
    "POST",
    f"{MILESTONE}/sync",
    scope=ADMIN,
    summary="Bring it in step again",
    answers={200: replies.TrackedMilestone},
    refusals=(MilestoneNotFound, lifecycle.NotSynced, *KEYED),
)
def sync_tracked_milestone(milestone_uid: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Tell the evaluator what it does not know yet, with all tries anew; `sync` says what came of the first one."""
    resumed = lifecycle.resume(resolver.caller(), milestone_uid, claim=resolver.claim(idempotency_key))
    return answer(200, views.milestone(resumed))


@api.operation(
    "POST",
    f"{MILESTONE}/dependencies",
    scope=WRITE,
    summary="Add a dependency",
    answers={200: replies.TrackedMilestone},
    refusals=(
        *BODY,
        MilestoneNotFound,
        dependencies.DependencyCycle,
        dependencies.TooManyDependencies,
        *KEYED,
    ),
)
def add_dependency(
    milestone_uid: str, sent: Annotated["DependencyDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Let a milestone depend on another one of its project; it is `blocked_by` it until that is completed."""
    claim = resolver.claim(idempotency_key, sent)
    dependencies.add(resolver.caller(), milestone_uid, sent.depends_on, claim=claim)
    return answer(200, reading.milestone(resolver.caller(), milestone_uid, consistent=True))


@api.operation(
    "DELETE",
    f"{MILESTONE}/dependencies",
    scope=WRITE,
    summary="Remove a dependency",
    answers={200: replies.TrackedMilestone},
    refusals=(MilestoneNotFound, InvalidInput),
)
def remove_dependency(milestone_uid: str, depends_on: DependsOn = None) -> Response:
    """Let a milestone not depend on another one any more, or on none at all."""
    dependencies.remove(resolver.caller(), milestone_uid, depends_on)
    return answer(200, reading.milestone(resolver.caller(), milestone_uid, consistent=True))


@api.operation(
    "GET",
    "/api/v1/projects/<project_id>/progress",
    scope=READ,
    summary="Read how far a project is",
    answers={200: replies.ProjectProgress},
    refusals=(InvalidInput, ProjectNotFound),
)
def read_project_progress(project_id: ProjectInPath) -> Response:
    """Read how many milestones of a project are where, its weighted progress, what is due next and what is blocked."""
    return answer(200, projects_reading.project_progress(resolver.caller(), project_id))
