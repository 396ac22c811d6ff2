"""Several milestones in one request, and milestones made from others, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.bulk import duplicating, moving
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

if TYPE_CHECKING:
    from functions.projects.bulk.shapes import MilestoneMoves

replies = Replies("functions.projects.bulk.replies")

SENT = Body("functions.projects.bulk.shapes")


@api.operation(
    "POST",
    f"{MILESTONES}/bulk",
    scope=WRITE,
    summary="Let events happen to several milestones",
    answers={200: replies.MilestonesMoved},
    refusals=(*BODY, ProjectNotFound),
)
def move_project_milestones(project_id: str, sent: Annotated["MilestoneMoves", SENT]) -> Response:
    """Let events happen to up to 100 milestones of a project, each by itself, and say what became of each.

    Each takes what it takes alone: a role, a status, and for `accept` and `reject` the scope `projects:decide`.
    Sent twice, the second time refuses what the first has done.
    """
    moves = [each.model_dump() for each in sent.moves]
    return answer(200, {"items": moving.move(api.caller, project_id, moves)})


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
