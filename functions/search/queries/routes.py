"""Searching, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.search.collections.collections import CollectionNotFound
from functions.search.filters.operands import FilterRefused
from functions.search.keys.restrictions import CONTEXT, KeyOutdated
from functions.search.queries.orders import QueryRefused
from functions.search.queries.parameters import PageTooFar
from functions.search.queries.refusals import AnswerTooLarge, TooManyMatches
from functions.search.resolver import BODY, MULTI_SEARCH, READ, SEARCH, NotForGuests, api, insider
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import answer

if TYPE_CHECKING:
    from functions.search.queries.shapes import SearchRequest, SearchRequests

replies = Replies("functions.search.replies")

SENT = Body("functions.search.queries.shapes")


@api.operation(
    "POST",
    SEARCH,
    scope=READ,
    summary="Search a collection",
    answers={200: replies.SearchAnswer},
    refusals=(
        *BODY,
        CollectionNotFound,
        QueryRefused,
        FilterRefused,
        PageTooFar,
        TooManyMatches,
        AnswerTooLarge,
        KeyOutdated,
        NotForGuests,
    ),
    is_writing=False,
    knows=CONTEXT,
)
def search_collection(request: Annotated["SearchRequest", SENT]) -> Response:
    """Search the documents of a collection. Words, values and texts of a search are in no log."""
    caller = insider()
    from functions.search.queries import searching  # noqa: PLC0415 - the engine is in the function of queries alone

    return answer(200, searching.search(caller, request.collection_name, request.parameters.model_dump()))


@api.operation(
    "POST",
    MULTI_SEARCH,
    scope=READ,
    summary="Make several searches",
    answers={200: replies.SearchAnswers},
    refusals=(*BODY, NotForGuests),
    is_writing=False,
    knows=CONTEXT,
)
def search_collections(request: Annotated["SearchRequests", SENT]) -> Response:
    """Make up to 20 searches. Each is answered or refused for itself, and `results` says which, in their order."""
    caller = insider()
    from functions.search.queries import searching  # noqa: PLC0415 - the engine is in the function of queries alone
    from functions.search.queries.room import Room  # noqa: PLC0415 - as above

    room = Room()
    asked = [(each.collection_name, each.parameters.model_dump()) for each in request.searches]
    return answer(200, {"results": [searching.result(caller, *each, room) for each in asked]})
