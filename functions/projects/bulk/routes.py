"""Several milestones in one request, and milestones made from others, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.bulk import duplicating, many, moving
from functions.projects.lifecycle import ProjectStatusNotPossible
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.milestones.parents import ParentNotPossible
from functions.projects.milestones.refusals import TooManyMilestones
from functions.projects.milestones.routes import MILESTONES
from functions.projects.milestones.routes import replies as of_milestones
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, KEYED, MILESTONE, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.callers.project_members import ProjectNotFound
from shared.jobs.jobs import TooManyJobs

if TYPE_CHECKING:
    from functions.projects.bulk.shapes import MilestoneMoves

replies = Replies("functions.projects.bulk.replies")

SENT = Body("functions.projects.bulk.shapes")


@api.operation(
    "POST",
    f"{MILESTONES}/bulk",
    scope=WRITE,
    summary="Let events happen to several milestones",
    answers={200: replies.MilestonesMoved, 202: replies.Job},
    refusals=(*BODY, ProjectNotFound, TooManyJobs, *KEYED),
)
def move_project_milestones(
    project_id: str, sent: Annotated["MilestoneMoves", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Let events happen to milestones of a project, each by itself, and say what became of each.

    Each takes what it takes alone: a role, a status, and for `accept` and `reject` the scope `projects:decide`.
    Up to 100 are answered at once. With an `Idempotency-Key`, a request that broke off is sent again and goes on;
    without one, the second time refuses what the first has done.
    More, 2,000 at most, are a job, whose rows at `GET /api/v1/jobs/{job_id}/rows` say what became of each.
    """
    moves, claim = [each.model_dump() for each in sent.moves], resolver.claim(idempotency_key, sent)
    if len(moves) > moving.MOST:
        begun = many.begin(api.caller, project_id, moves, claim=claim)
        return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})
    return answer(200, {"items": moving.move(api.caller, project_id, moves, claim=claim)})


@api.operation(
    "POST",
    f"{MILESTONE}/duplicate",
    scope=WRITE,
    summary="Create a milestone from another",
    answers={201: of_milestones.ProjectMilestone},
    refusals=(
        ProjectMilestoneNotFound,
        RoleRequired,
        ProjectStatusNotPossible,
        TooManyMilestones,
        ParentNotPossible,
        *KEYED,
    ),
)
def duplicate_project_milestone(project_milestone_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Create a draft with the plan of a milestone, without money, decisions and evidence; as creating one."""
    claim = resolver.claim(idempotency_key)
    return answer(201, duplicating.duplicate(api.caller, project_milestone_id, claim=claim))
