"""Delegations over REST."""

from typing import TYPE_CHECKING, Annotated, Final, Literal

from functions.projects import resolver
from functions.projects.delegation import lifecycle
from functions.projects.delegation.delegations import DelegationNotFound
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.resolver import BODY, DECIDE, KEYED, READ, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput, Malformed
from shared.teamwork.delegations import DelegationChain, TooManyDelegations

if TYPE_CHECKING:
    from functions.projects.delegation.shapes import DelegationSent

replies = Replies("functions.projects.delegation.replies")

SENT = Body("functions.projects.delegation.shapes")
DELEGATIONS: Final = "/api/v1/delegations"


@api.operation(
    "POST",
    DELEGATIONS,
    scope=DECIDE,
    summary="Let somebody decide in your place",
    answers={201: replies.Delegation},
    refusals=(*BODY, ProjectNotFound, ProjectMilestoneNotFound, DelegationChain, TooManyDelegations, *KEYED),
)
def create_delegation(sent: Annotated["DelegationSent", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Let a user of your tenant decide in your place where layers ask you, for 90 days at most.

    They may never do more than you may at that moment. What is delegated is not handed on.
    """
    given = lifecycle.give(api.caller, sent.sent(), claim=resolver.claim(idempotency_key, sent))
    return answer(201, given)


@api.operation(
    "GET",
    DELEGATIONS,
    scope=READ,
    summary="List your delegations",
    answers={200: replies.Delegations},
    refusals=(Malformed, InvalidInput),
)
def list_delegations(
    side: Annotated[Literal["given", "received"], Query(description="What you gave, or were given.")] = "given",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """List what you have delegated, the oldest first; or what was delegated to you, what ends last first."""
    return resolver.page(lifecycle.page(api.caller, received=side == "received", limit=limit, cursor=cursor))


@api.operation(
    "POST",
    f"{DELEGATIONS}/<delegation_id>/revoke",
    scope=DECIDE,
    summary="Revoke a delegation",
    answers={200: replies.Delegation},
    refusals=(Malformed, DelegationNotFound, *KEYED),
)
def revoke_delegation(delegation_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """End a delegation that you have given. Decisions that were made by it stand."""
    return answer(200, lifecycle.revoke(api.caller, delegation_id, claim=resolver.claim(idempotency_key)))
