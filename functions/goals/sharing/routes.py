"""Sharing over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.goals import resolver
from functions.goals.goals import GoalNotFound
from functions.goals.resolver import BODY, GOAL, GOALS, READ, WRITE, api
from functions.goals.sharing import shares
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, Limit, answer
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from functions.goals.shapes import ShareDraft

SENT = Body("functions.goals.shapes")

replies = Replies("functions.goals.replies")
share_replies = Replies("functions.goals.sharing.replies")

SHARES = f"{GOAL}/shares"


@api.operation(
    "PUT",
    f"{SHARES}/<user_id>",
    scope=WRITE,
    summary="Share a goal",
    answers={200: share_replies.Share},
    refusals=(*BODY, GoalNotFound, shares.NotYours),
)
def share_goal(goal_id: str, user_id: str, draft: Annotated["ShareDraft", SENT]) -> Response:
    """Share your goal with a user of your tenant: a viewer looks, a contributor adds tasks and changes their own."""
    return answer(200, shares.give(resolver.caller(), goal_id, user_id, draft))


@api.operation(
    "GET",
    SHARES,
    scope=READ,
    summary="List who a goal is shared with",
    answers={200: share_replies.Shares},
    refusals=(Malformed, GoalNotFound, shares.NotYours, InvalidInput),
)
def list_shares(goal_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the users your goal is shared with."""
    return resolver.page(shares.page(resolver.caller(), goal_id, limit=limit, cursor=cursor))


@api.operation(
    "DELETE",
    f"{SHARES}/<user_id>",
    scope=WRITE,
    summary="Stop sharing a goal",
    answers={204: None},
    refusals=(GoalNotFound, shares.ShareNotFound, shares.NotYours),
)
def unshare_goal(goal_id: str, user_id: str) -> Response:
    """Stop sharing your goal with a user."""
    shares.take_back(resolver.caller(), goal_id, user_id)
    return answer(204)


@api.operation(
    "GET",
    f"{GOALS}/shared",
    scope=READ,
    summary="List goals shared with you",
    answers={200: replies.Goals},
    refusals=(Malformed, InvalidInput),
)
def list_shared_goals(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the goals that others of your tenant share with you; `role` says as what."""
    return resolver.page(shares.page_of_received(resolver.caller(), limit=limit, cursor=cursor))
