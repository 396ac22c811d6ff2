"""Searching Milepost, over REST."""

from typing import Annotated

from functions.search.queries.orders import QueryRefused
from functions.search.resolver import READ, SEARCH, api, page
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, Limit
from shared.errors import InvalidInput, Malformed

replies = Replies("functions.search.everything.replies")

Words = Annotated[
    str,
    Query(
        min_length=1,
        max_length=500,
        description='What is searched for: words, all of which must be found, `"a phrase"`, `-word`, or `*`.',
    ),
]
Types = Annotated[
    str | None, Query(max_length=200, description="Only these types, parted by commas, e.g. `goal,task`.")
]


@api.operation(
    "GET",
    SEARCH,
    scope=READ,
    summary="Search Milepost",
    answers={200: replies.FoundItems},
    refusals=(Malformed, InvalidInput, QueryRefused),
)
def search_everything(q: Words, types: Types = None, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """Find what you may read, by words and ids: goals, projects, leads, invoices, and what lies in them.

    Of each type you find what you hold the scope to read. Words of a search are in no log.
    """
    caller = api.caller
    from functions.search.everything import searching  # noqa: PLC0415 - the engine is in the function of queries alone

    asked = searching.Question(q, searching.types_of(types), limit)
    return page(searching.page(caller, asked, cursor))
