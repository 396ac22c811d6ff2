"""The worklist over REST."""

from functions.projects import resolver
from functions.projects.resolver import READ, api
from functions.projects.worklist import reading
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, Limit
from shared.errors import InvalidInput, Malformed

replies = Replies("functions.projects.worklist.replies")


@api.operation(
    "GET",
    "/api/v1/worklist",
    scope=READ,
    summary="List what waits for you",
    answers={200: replies.Worklist},
    refusals=(Malformed, InvalidInput),
)
def list_worklist(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List what waits for you, what is due first first.

    A layer that asks you is there within seconds, and gone as soon after you or enough others have decided.
    """
    return resolver.page(reading.page(api.caller, limit=limit, cursor=cursor))
