"""Keys that are bound to a collection, over REST; for those who govern collections."""

from typing import TYPE_CHECKING, Annotated

from functions.search import resolver
from functions.search.collections.collections import CollectionNotFound
from functions.search.keys import keys
from functions.search.keys.keys import SearchKeyNotFound, SearchNotGranted, TooManySearchKeys
from functions.search.resolver import ADMIN, BODY, COLLECTION_KEY, COLLECTION_KEYS, KEYED, NotForGuests, api, insider
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from functions.search.keys.shapes import SearchKeyDraft

replies = Replies("functions.search.keys.shapes")

SENT = Body("functions.search.keys.shapes")


@api.operation(
    "POST",
    COLLECTION_KEYS,
    scope=ADMIN,
    summary="Make a key that is bound to a collection",
    answers={201: replies.SearchKeyGiven},
    refusals=(*BODY, CollectionNotFound, SearchNotGranted, TooManySearchKeys, NotForGuests, *KEYED),
    assurance=RECENT_SECOND_FACTOR,
)
def create_search_key(
    collection_name: str, draft: Annotated["SearchKeyDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Make an API key that searches this collection and shows its documents, within its filter; nothing else.

    It is shown only now: store it where it is used. It is sent as `X-API-Key`, and names the collection by its own
    name. A request repeated with its `Idempotency-Key` answers the same key without its text.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, keys.create(insider(), collection_name, draft.model_dump(), claim=claim))


@api.operation(
    "GET",
    COLLECTION_KEYS,
    scope=ADMIN,
    summary="List the keys of a collection",
    answers={200: replies.SearchKeys},
    refusals=(Malformed, InvalidInput, CollectionNotFound, NotForGuests),
)
def list_search_keys(collection_name: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the keys that are bound to a collection, with their last four characters, their filters and their ends."""
    return resolver.page(keys.page(insider(), collection_name, limit=limit, cursor=cursor))


@api.operation(
    "DELETE",
    COLLECTION_KEY,
    scope=ADMIN,
    summary="Revoke a key of a collection",
    answers={204: None},
    refusals=(CollectionNotFound, SearchKeyNotFound, NotForGuests),
    assurance=RECENT_SECOND_FACTOR,
)
def revoke_search_key(collection_name: str, key_id: str) -> Response:
    """Revoke a key: it is refused within 60 seconds."""
    keys.revoke(insider(), collection_name, key_id)
    return answer(204)
