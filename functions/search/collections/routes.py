"""The collections of a tenant, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.search import resolver
from functions.search.collections import collections, lifecycle
from functions.search.collections.collections import CollectionNotFound
from functions.search.collections.lifecycle import MADE, CollectionExists, TooManyCollections
from functions.search.resolver import (
    ADMIN,
    BODY,
    COLLECTION,
    COLLECTIONS,
    KEYED,
    READ,
    STOP_WORDS,
    SYNONYMS,
    NotForGuests,
    api,
    insider,
)
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.search.collections.shapes import CollectionDraft, StopWordsDraft, SynonymsDraft

replies = Replies("functions.search.replies")

SENT = Body("functions.search.collections.shapes")


@api.operation(
    "POST",
    COLLECTIONS,
    scope=ADMIN,
    summary="Make a collection",
    answers={201: replies.SearchCollection, 200: replies.SearchCollection},
    refusals=(*BODY, CollectionExists, TooManyCollections, NotForGuests, *KEYED),
)
def create_collection(draft: Annotated["CollectionDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Make a collection of documents with these fields. The same one again is answered with 200."""
    made = lifecycle.create(insider(), draft.model_dump(), claim=resolver.claim(idempotency_key, draft))
    is_new = made.pop(MADE)
    return answer(201 if is_new else 200, made)


@api.operation(
    "GET",
    COLLECTIONS,
    scope=READ,
    summary="List collections",
    answers={200: replies.SearchCollections},
    refusals=(Malformed, InvalidInput, NotForGuests),
)
def list_collections(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the collections of your tenant by their names."""
    return resolver.page(collections.page(insider(), limit=limit, cursor=cursor))


@api.operation(
    "GET",
    COLLECTION,
    scope=READ,
    summary="Show a collection",
    answers={200: replies.SearchCollection},
    refusals=(CollectionNotFound, NotForGuests),
)
def show_collection(collection_name: str) -> Response:
    """Show a collection by its name or an alias, with how many documents its index has."""
    return answer(200, collections.get(insider(), collection_name))


@api.operation(
    "DELETE",
    COLLECTION,
    scope=ADMIN,
    summary="Delete a collection",
    answers={204: None},
    refusals=(Malformed, CollectionNotFound, VersionChanged, NotForGuests),
)
def delete_collection(collection_name: str, if_match: IfMatch = None) -> Response:
    """Delete a collection with its documents. Its name is free at once; an alias of it leads nowhere."""
    lifecycle.delete(insider(), collection_name, if_match=if_match)
    return answer(204)


@api.operation(
    "PUT",
    SYNONYMS,
    scope=ADMIN,
    summary="Set the synonyms of a collection",
    answers={200: replies.SearchCollection},
    refusals=(*BODY, CollectionNotFound, VersionChanged, NotForGuests),
)
def put_synonyms(collection_name: str, draft: Annotated["SynonymsDraft", SENT], if_match: IfMatch = None) -> Response:
    """Give a collection these synonyms in place of those that it has. The next search takes them."""
    return answer(200, lifecycle.reword(insider(), collection_name, draft.model_dump(), if_match=if_match))


@api.operation(
    "PUT",
    STOP_WORDS,
    scope=ADMIN,
    summary="Set the stop words of a collection",
    answers={200: replies.SearchCollection},
    refusals=(*BODY, CollectionNotFound, VersionChanged, NotForGuests),
)
def put_stop_words(
    collection_name: str, draft: Annotated["StopWordsDraft", SENT], if_match: IfMatch = None
) -> Response:
    """Give a collection these stop words in place of those that it has. The next search takes them."""
    return answer(200, lifecycle.reword(insider(), collection_name, draft.model_dump(), if_match=if_match))
