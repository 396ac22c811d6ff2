"""The worklist over REST."""

from typing import Annotated

from functions.projects import resolver
from functions.projects.delegation.authority import DelegationNotInForce
from functions.projects.resolver import READ, api
from functions.projects.worklist import reading
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, Limit
from shared.errors import InvalidInput, Malformed

replies = Replies("functions.projects.worklist.replies")

OnBehalfOf = Annotated[str | None, Query(max_length=64, description="In whose place: a user who has delegated to you.")]


@api.operation(
    "GET",
    "/api/v1/worklist",
    scope=READ,
    summary="List what waits for you",
    answers={200: replies.Worklist},
    refusals=(Malformed, InvalidInput, DelegationNotInForce),
)
def list_worklist(on_behalf_of: OnBehalfOf = None, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List what waits for you, what is due first first.

    A layer that asks you is there within seconds, and gone as soon after you or enough others have decided.
    With `on_behalf_of`, list what you may decide in the place of somebody; a page may then have fewer items than
    `limit` and be followed by another.
    """
    if on_behalf_of is not None:
        return resolver.page(reading.page_for(api.caller, on_behalf_of, limit=limit, cursor=cursor))
    return resolver.page(reading.page(api.caller, limit=limit, cursor=cursor))
