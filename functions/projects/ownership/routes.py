"""Owners of milestones over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.milestones.refusals import MilestoneFinal
from functions.projects.ownership import owning, recommending
from functions.projects.ownership.owning import OwnerExists, OwnershipNotAssigned, TooManyOwners
from functions.projects.people.access import RoleRequired
from functions.projects.people.owners import MilestoneOwnerNotFound, PrimaryOwnerExists
from functions.projects.resolver import BODY, KEYED, MILESTONE, READ, WRITE, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from functions.projects.milestones.shapes import OwnerDraft, TransferSent

replies = Replies("functions.projects.ownership.replies")

SENT = Body("functions.projects.milestones.shapes")
OWNERS = f"{MILESTONE}/owners"

Skills = Annotated[
    str | None,
    Query(max_length=1000, description="Which skills are wanted, with commas between; else the tags of the milestone."),
]


@api.operation(
    "GET",
    OWNERS,
    scope=READ,
    summary="List the owners of a milestone",
    answers={200: replies.MilestoneOwners},
    refusals=(ProjectMilestoneNotFound,),
)
def list_owners(project_milestone_id: str) -> Response:
    """List the owners of a milestone, 20 at most."""
    return answer(200, {"items": owning.page(api.caller, project_milestone_id)})


@api.operation(
    "GET",
    f"{OWNERS}/recommendations",
    scope=READ,
    summary="Recommend owners of a milestone",
    answers={200: replies.RecommendedOwners},
    refusals=(Malformed, InvalidInput, ProjectMilestoneNotFound, RoleRequired),
)
def recommend_owners(project_milestone_id: str, skills: Skills = None, limit: Limit = 20) -> Response:
    """List the members of the project who suit a milestone best, with each part of their score; for managers.

    Clients, and those who own it already, are left out. Among equals the order is that of their ids.
    """
    wanted = recommending.wanted(skills)
    return answer(200, {"items": recommending.recommend(api.caller, project_milestone_id, wanted, limit=limit)})


@api.operation(
    "POST",
    OWNERS,
    scope=WRITE,
    summary="Assign a milestone",
    answers={201: replies.MilestoneOwner},
    refusals=(
        *BODY,
        ProjectMilestoneNotFound,
        RoleRequired,
        MilestoneFinal,
        OwnerExists,
        TooManyOwners,
        PrimaryOwnerExists,
        *KEYED,
    ),
)
def assign_owner(
    project_milestone_id: str, draft: Annotated["OwnerDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Assign a milestone to a member of the project, who has to accept unless that is you, or to a team; for managers.

    A team has nothing to accept, and is never the primary owner.
    """
    claim = resolver.claim(idempotency_key, draft)
    given = (draft.holder, draft.role, draft.workload_percent)
    return answer(201, owning.assign(api.caller, project_milestone_id, *given, claim=claim))


@api.operation(
    "POST",
    f"{OWNERS}/accept",
    scope=WRITE,
    summary="Accept a milestone that is assigned to you",
    answers={200: replies.MilestoneOwner},
    refusals=(ProjectMilestoneNotFound, MilestoneFinal, OwnershipNotAssigned, *KEYED),
)
def accept_ownership(project_milestone_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Accept what a manager has assigned to you."""
    return answer(200, owning.accept(api.caller, project_milestone_id, claim=resolver.claim(idempotency_key)))


@api.operation(
    "POST",
    f"{OWNERS}/decline",
    scope=WRITE,
    summary="Decline a milestone that is assigned to you",
    answers={200: replies.Declined},
    refusals=(ProjectMilestoneNotFound, MilestoneFinal, OwnershipNotAssigned, *KEYED),
)
def decline_ownership(project_milestone_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Decline what a manager has assigned to you; you are no owner any more."""
    return answer(200, owning.decline(api.caller, project_milestone_id, claim=resolver.claim(idempotency_key)))


@api.operation(
    "POST",
    f"{OWNERS}/transfer",
    scope=WRITE,
    summary="Hand a milestone on",
    answers={200: replies.MilestoneOwner},
    refusals=(
        *BODY,
        ProjectMilestoneNotFound,
        RoleRequired,
        MilestoneFinal,
        MilestoneOwnerNotFound,
        OwnerExists,
        *KEYED,
    ),
)
def transfer_ownership(
    project_milestone_id: str, sent: Annotated["TransferSent", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Make another member of the project the primary owner at once; for managers and the primary owner."""
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, owning.transfer(api.caller, project_milestone_id, sent.user_id, claim=claim))


@api.operation(
    "DELETE",
    f"{OWNERS}/<user_id>",
    scope=WRITE,
    summary="Remove an owner of a milestone",
    answers={204: None},
    refusals=(ProjectMilestoneNotFound, RoleRequired, MilestoneFinal, MilestoneOwnerNotFound),
)
def remove_owner(project_milestone_id: str, user_id: str) -> Response:
    """Remove an owner of a milestone, by the id of the user or of the team; for managers."""
    owning.remove(api.caller, project_milestone_id, user_id)
    return answer(204)
