"""The aliases of a tenant's collections, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.search import resolver
from functions.search.collections import aliases
from functions.search.collections.aliases import AliasNotFound
from functions.search.collections.collections import CollectionNotFound
from functions.search.collections.lifecycle import CollectionExists, TooManyCollections
from functions.search.resolver import ADMIN, ALIAS, ALIASES, BODY, READ, NotForGuests, api, insider
from shared.api.declarations import Body, Path, word
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, Limit, answer
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from functions.search.collections.shapes import AliasDraft, Name

replies = Replies("functions.search.replies")

SENT = Body("functions.search.collections.shapes")
NAMED = Path("functions.search.collections.shapes", quick=word(64))


@api.operation(
    "PUT",
    ALIAS,
    scope=ADMIN,
    summary="Set an alias",
    answers={200: replies.CollectionAlias},
    refusals=(*BODY, CollectionNotFound, CollectionExists, TooManyCollections, NotForGuests),
)
def put_alias(alias_name: Annotated["Name", NAMED], draft: Annotated["AliasDraft", SENT]) -> Response:
    """Give a collection another name, or let the name lead to another collection from now on."""
    return answer(200, aliases.put(insider(), alias_name, draft.collection_name))


@api.operation(
    "GET",
    ALIASES,
    scope=READ,
    summary="List aliases",
    answers={200: replies.CollectionAliases},
    refusals=(Malformed, InvalidInput, NotForGuests),
)
def list_aliases(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the aliases of your tenant's collections by their names."""
    return resolver.page(aliases.page(insider(), limit=limit, cursor=cursor))


@api.operation(
    "DELETE",
    ALIAS,
    scope=ADMIN,
    summary="Delete an alias",
    answers={204: None},
    refusals=(AliasNotFound, NotForGuests),
)
def delete_alias(alias_name: str) -> Response:
    """Delete an alias. The collection stays."""
    aliases.delete(insider(), alias_name)
    return answer(204)
