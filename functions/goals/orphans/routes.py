"""Orphaned goals over REST, for the owners of the tenant: read, delete, end shares."""

from functions.goals import resolver
from functions.goals.goals import GoalNotFound
from functions.goals.orphans import orphans
from functions.goals.resolver import GOALS, READ, WRITE, api
from functions.goals.sharing.shares import ShareNotFound
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IfMatch, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

replies = Replies("functions.goals.replies")
share_replies = Replies("functions.goals.sharing.replies")
portable_replies = Replies("functions.goals.transfer.replies")

OF_OWNER = f"{GOALS}/orphaned/<owner_id>"
ORPHANED = f"{OF_OWNER}/<goal_id>"
SHARES = f"{ORPHANED}/shares"


@api.operation(
    "GET",
    OF_OWNER,
    scope=READ,
    summary="List the goals of a removed or disabled member",
    answers={200: replies.Goals},
    refusals=(Malformed, InvalidInput, orphans.NotTenantOwner, orphans.OwnerIsActive, orphans.OwnerNotFound),
)
def list_orphaned_goals(owner_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the goals that a member left behind; for the owners of the tenant.

    While their owner is removed or disabled, nobody else opens these goals: shares and links lead nowhere. When the
    owner is enabled or invited again, all of it is as it was. `GET /api/v1/members/removed` tells who was removed.
    """
    return resolver.page(orphans.page(resolver.caller(), owner_id, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    ORPHANED,
    scope=READ,
    summary="Read an orphaned goal",
    answers={200: replies.Goal},
    refusals=(GoalNotFound,),
)
def read_orphaned_goal(owner_id: str, goal_id: str) -> Response:
    """Read a goal of a removed or disabled member; for the owners of the tenant."""
    return answer(200, orphans.get(resolver.caller(), owner_id, goal_id))


@api.operation(
    "GET",
    f"{ORPHANED}/export",
    scope=READ,
    summary="Export an orphaned goal",
    answers={200: portable_replies.GoalExport},
    refusals=(Malformed, GoalNotFound, InvalidInput),
)
def export_orphaned_goal(owner_id: str, goal_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Read all that there is of a goal of a removed or disabled member, its tasks page by page.

    For the owners of the tenant, who can restore it as a goal of their own.
    """
    return answer(200, orphans.export(resolver.caller(), owner_id, goal_id, limit=limit, cursor=cursor))


@api.operation(
    "DELETE",
    ORPHANED,
    scope=WRITE,
    summary="Delete an orphaned goal",
    answers={204: None},
    refusals=(Malformed, GoalNotFound, VersionChanged),
)
def delete_orphaned_goal(owner_id: str, goal_id: str, if_match: IfMatch = None) -> Response:
    """Delete a goal of a removed or disabled member for good, with its tasks, shares and links."""
    orphans.delete(resolver.caller(), owner_id, goal_id, if_match=if_match)
    return answer(204)


@api.operation(
    "GET",
    SHARES,
    scope=READ,
    summary="List who an orphaned goal is shared with",
    answers={200: share_replies.Shares},
    refusals=(Malformed, GoalNotFound, InvalidInput),
)
def list_orphaned_shares(owner_id: str, goal_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the users who will open the goal again when its owner is back; for the owners of the tenant."""
    return resolver.page(orphans.page_of_shares(resolver.caller(), owner_id, goal_id, limit=limit, cursor=cursor))


@api.operation(
    "DELETE",
    f"{SHARES}/<user_id>",
    scope=WRITE,
    summary="Stop sharing an orphaned goal",
    answers={204: None},
    refusals=(GoalNotFound, ShareNotFound),
)
def unshare_orphaned_goal(owner_id: str, goal_id: str, user_id: str) -> Response:
    """End the sharing of a goal of a removed or disabled member with a user; for the owners of the tenant."""
    orphans.unshare(resolver.caller(), owner_id, goal_id, user_id)
    return answer(204)
