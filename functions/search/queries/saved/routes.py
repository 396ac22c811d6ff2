"""Saved searches, over REST: each is its user's own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from functions.search import resolver
from functions.search.collections.collections import CollectionNotFound
from functions.search.filters.operands import FilterRefused
from functions.search.queries.orders import QueryRefused
from functions.search.queries.parameters import PageTooFar
from functions.search.queries.refusals import AnswerTooLarge, TooManyMatches
from functions.search.queries.saved import saved
from functions.search.queries.saved.saved import SavedSearchNotFound, TooManySavedSearches
from functions.search.resolver import (
    BODY,
    KEYED,
    READ,
    SAVED_SEARCH,
    SAVED_SEARCH_RUN,
    SAVED_SEARCHES,
    WRITE,
    NotForGuests,
    api,
    insider,
)
from shared.api import problems
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.search.queries.saved.shapes import SavedSearchChange, SavedSearchDraft

replies = Replies("functions.search.queries.saved.shapes")
answers = Replies("functions.search.replies")

SENT = Body("functions.search.queries.saved.shapes")
IMPOSSIBLE = (CollectionNotFound, QueryRefused, FilterRefused, PageTooFar)


@api.operation(
    "POST",
    SAVED_SEARCHES,
    scope=WRITE,
    summary="Save a search",
    answers={201: replies.SavedSearch},
    refusals=(*BODY, *IMPOSSIBLE, TooManySavedSearches, NotForGuests, *KEYED),
)
def create_saved_search(draft: Annotated["SavedSearchDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Keep a search under a name, for yourself. It is checked now as if it were made."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, saved.create(insider(), draft.model_dump(), claim=claim))


@api.operation(
    "GET",
    SAVED_SEARCHES,
    scope=READ,
    summary="List your saved searches",
    answers={200: replies.SavedSearches},
    refusals=(Malformed, InvalidInput, NotForGuests),
)
def list_saved_searches(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the searches that you have saved, the oldest first."""
    return resolver.page(saved.page(insider(), limit=limit, cursor=cursor))


@api.operation(
    "GET",
    SAVED_SEARCH,
    scope=READ,
    summary="Show a saved search",
    answers={200: replies.SavedSearch},
    refusals=(SavedSearchNotFound, NotForGuests),
)
def show_saved_search(saved_search_id: str) -> Response:
    """Show a search that you have saved, also while its collection is not there."""
    return answer(200, saved.get(insider(), saved_search_id))


@api.operation(
    "PATCH",
    SAVED_SEARCH,
    scope=WRITE,
    summary="Change a saved search",
    answers={200: replies.SavedSearch},
    refusals=(*BODY, *IMPOSSIBLE, SavedSearchNotFound, VersionChanged, NotForGuests),
)
def change_saved_search(
    saved_search_id: str, change: Annotated["SavedSearchChange", SENT], if_match: IfMatch = None
) -> Response:
    """Give a saved search another name, other parameters, or another collection."""
    return answer(200, saved.change(insider(), saved_search_id, change.model_dump(), if_match=if_match))


@api.operation(
    "DELETE",
    SAVED_SEARCH,
    scope=WRITE,
    summary="Delete a saved search",
    answers={204: None},
    refusals=(Malformed, SavedSearchNotFound, VersionChanged, NotForGuests),
)
def delete_saved_search(saved_search_id: str, if_match: IfMatch = None) -> Response:
    """Delete a search that you have saved."""
    saved.delete(insider(), saved_search_id, if_match=if_match)
    return answer(204)


@api.operation(
    "POST",
    SAVED_SEARCH_RUN,
    scope=READ,
    summary="Make a saved search",
    answers={200: answers.SearchAnswer},
    refusals=(
        *IMPOSSIBLE,
        Malformed,
        InvalidInput,
        SavedSearchNotFound,
        TooManyMatches,
        AnswerTooLarge,
        NotForGuests,
    ),
    is_writing=False,
)
def run_saved_search(
    saved_search_id: str,
    page: Annotated[int | None, Query(ge=1, description="Another page than the one that is saved.")] = None,
) -> Response:
    """Make a search that you have saved, in the collection that has its name now; 404 while there is none."""
    caller = insider()
    collection_name, kept = saved.asked(caller, saved_search_id)
    from functions.search.queries import searching  # noqa: PLC0415 - the engine is in the function of queries alone

    parameters = _possible(kept) | ({"page": page} if page else {})
    return answer(200, searching.search(caller, collection_name, parameters))


def _possible(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as a search takes them: some may not be taken any more. Raises InvalidInput."""
    from pydantic import ValidationError  # noqa: PLC0415 - for a cold start

    from functions.search.queries.shapes import SearchParameters  # noqa: PLC0415 - as above

    try:
        return SearchParameters.model_validate(kept).model_dump()
    except ValidationError as error:
        refused = [{**each, "loc": ("parameters", *each["loc"])} for each in error.errors()]
        raise problems.invalid_input(refused) from error
