"""More fields for a collection, over REST; what keys that are bound to it name stays in any case."""

from typing import TYPE_CHECKING, Annotated

from functions.search.collections import growth
from functions.search.collections.collections import CollectionNotFound
from functions.search.collections.growth import BEGUN, SchemaChanging
from functions.search.keys import naming
from functions.search.keys.naming import FieldInUse
from functions.search.resolver import ADMIN, BODY, COLLECTION, NotForGuests, api, insider
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IfMatch, answer
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.search.collections.shapes import FieldsAdded

replies = Replies("functions.search.replies")

SENT = Body("functions.search.collections.shapes")


@api.operation(
    "PATCH",
    COLLECTION,
    scope=ADMIN,
    summary="Add fields to a collection",
    answers={202: replies.SearchCollection, 200: replies.SearchCollection},
    refusals=(*BODY, CollectionNotFound, SchemaChanging, FieldInUse, VersionChanged, NotForGuests),
)
def add_fields(collection_name: str, change: Annotated["FieldsAdded", SENT], if_match: IfMatch = None) -> Response:
    """Add optional fields. A new index is built with them, and `schema_change` says how far it is; 200: they are there.

    Until then the collection answers without them. If documents have other values in them, the change is refused:
    `schema_change` names 20 of these, and the collection stays as it is.
    """
    sent = change.model_dump()["fields"]
    naming.require_unnamed(insider(), collection_name, [each["name"] if each["drop"] else None for each in sent])
    changed = growth.add(insider(), collection_name, sent, if_match=if_match)
    is_begun = changed.pop(BEGUN)
    return answer(202 if is_begun else 200, changed)
